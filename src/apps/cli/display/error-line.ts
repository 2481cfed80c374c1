import {firstLine} from '../../../base/words.ts';

/** An error of a job with its chunk. */
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
