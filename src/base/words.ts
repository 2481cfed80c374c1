import {stripVTControlCharacters} from 'node:util';

/** A number as people read it, in a command line's answers as in a report. */
const number = (value: number, digits: number): string =>
  new Intl.NumberFormat('en-GB', {minimumFractionDigits: digits, maximumFractionDigits: digits}).format(
    value,
  );

/** A whole number: `1,234`. */
export const whole = (value: number): string => number(value, 0);

/** A length of time in seconds: `0.42 s`, `8.3 s`, `124 s`, then `1 h 12 min`. */
export function seconds(value: number): string {
  if (value < 1) return `${number(value, 2)} s`;
  if (value < 100) return `${number(value, 1)} s`;
  if (value < 1000) return `${number(value, 0)} s`;
  const minutes = Math.round(value / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1440)} days`;
}

/** A length of time in seconds as it passes: `7 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A place in a film: `0:07.5`. */
export function timecode(value: number): string {
  const tenths = Math.floor(value * 10);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, '0')}.${rest % 10}`;
}

/** Digits after the point with which an amount of dollars shows three that tell something; 2 to 12. */
export const digitsOf = (amount: number): number =>
  amount > 0 ? Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(amount)))) : 2;

/** US dollars: `$0.00312`, `$4.20`; `digits` is the number of digits after the point. */
export const dollars = (amount: number, digits = digitsOf(amount)): string => `$${number(amount, digits)}`;

/** Bytes in units of a thousand: `1.1 MB`. */
export function bytes(value: number): string {
  if (value < 1e3) return `${value} B`;
  if (value < 1e6) return `${number(value / 1e3, 0)} kB`;
  if (value < 1e9) return `${number(value / 1e6, 1)} MB`;
  return `${number(value / 1e9, 2)} GB`;
}

/** A share in percent: `12 %`, `0.4 %`. */
export const percent = (share: number): string =>
  `${number(share * 100, share >= 0.0005 && share < 0.01 ? 1 : 0)} %`;

/** Cuts a text that goes on for too long, and says so. */
export const cut = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters)}… (${whole(text.length)} characters)` : text;

/** Characters that change the direction of a text, by which a line can seem to say something else (Unicode, UAX #9). */
const TURNS = /\p{Bidi_Control}/gu;
/**
 * Control characters that a terminal may act on, except tabs and line ends, and characters that change the
 * writing direction.
 */
const STEERING = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu;

/** Makes foreign text safe for a terminal: it keeps the lines and removes control characters. */
export const shownText = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\r\n/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
    .replaceAll(TURNS, '');

/**
 * A text as a terminal may show it, with nothing left out: what would steer the terminal becomes `\u001b`. JSON stays
 * the same JSON.
 */
export const escapedText = (text: string): string =>
  text.replaceAll(STEERING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The first line of a foreign text, without control characters. */
export function firstLine(text: string): string {
  const [line = ''] = shownText(text).split('\n', 1);
  return line.replaceAll('\t', ' ');
}
