import {stripVTControlCharacters} from 'node:util';

/** Seconds as people say them: `7 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** US dollars: to a hundredth of a cent below a dollar. */
export const dollars = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;

/** The first line of somebody else's text, with nothing in it that a terminal would act on. */
export function firstLine(text: string): string {
  const [line = ''] = stripVTControlCharacters(text).split(/[\r\n]/, 1);
  return line.replaceAll(/\p{Cc}/gu, ' ');
}

/** What an error of a job says, and of which chunk. */
export function errorLine({
  chunk,
  attempt,
  errorType,
  errorMessage,
}: {
  chunk?: number | undefined;
  attempt?: number | undefined;
  errorType: string;
  errorMessage: string;
}): string {
  const which = chunk === undefined ? '' : `chunk ${chunk + 1}, `;
  const tried = attempt === undefined ? '' : `try ${attempt}, `;
  return firstLine(`${which}${tried}${errorType}: ${errorMessage}`);
}
