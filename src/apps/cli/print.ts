import {escapedText, shownText} from '../../base/words.ts';

/** The result on standard output: for people on several lines, for machines on one. */
export function print(result: unknown, json = false): void {
  process.stdout.write(`${escapedText(JSON.stringify(result, null, json ? 0 : 2))}\n`);
}

/** An answer for people, on standard output: of what others have said, nothing steers the terminal. */
export const answer = (text: string): void => void process.stdout.write(`${shownText(text)}\n`);

/** A line for people, on standard error. */
export const tell = (line: string): void => void process.stderr.write(`${shownText(line)}\n`);
