import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

/** A report, and where in the README it is kept: between `<!-- name -->` and `<!-- /name -->`. */
export interface Report {
  name: string;
  text: string;
}

/**
 * Stores results: numbers in `results.json`, text in `README.md`. Results of earlier measurements stay.
 *
 * @param folder of the two files
 * @throws if the README has no place of this name
 */
export async function keep(
  folder: string,
  {results, report}: {results: Readonly<Record<string, unknown>>; report: Report},
): Promise<void> {
  const readme = join(folder, 'README.md');
  await writeFile(readme, between(await readFile(readme, 'utf8'), report));
  const path = join(folder, 'results.json');
  const before = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Record<string, unknown>;
  await writeFile(path, `${JSON.stringify({...before, ...results}, null, 2)}\n`);
}

/**
 * A text with a report in its place.
 *
 * @throws if there is no such place
 */
export function between(text: string, {name, text: report}: Report): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  return `${before}${begin}\n\n${report}\n\n${end}${after}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The README has no line ${mark}.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
