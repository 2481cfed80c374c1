import {shownText} from '../words.ts';

/** The result on standard output: for people on several lines, for machines on one. */
export function print(result: unknown, json = false): void {
  process.stdout.write(`${JSON.stringify(result, null, json ? 0 : 2)}\n`);
}

/** A line for people, on standard error. */
export const tell = (line: string): void => void process.stderr.write(`${shownText(line)}\n`);
