import {firstLine} from '../../../base/words.ts';

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
