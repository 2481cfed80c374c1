import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseSync} from 'vite';
import {expect, it} from 'vitest';

/** Words that no name has: `reported`, `received` and `delivered` are the common ones. */
const UNCOMMON = new Set(['told', 'untold', 'unheard']);

/** The names in a parsed file: of variables, fields, functions, classes and types. */
function* namesIn(part: unknown): Generator<string> {
  if (Array.isArray(part)) for (const one of part) yield* namesIn(one);
  else if (typeof part === 'object' && part !== null) {
    const {type, name} = part as {type?: unknown; name?: unknown};
    if ((type === 'Identifier' || type === 'PrivateIdentifier') && typeof name === 'string') yield name;
    for (const child of Object.values(part)) yield* namesIn(child);
  }
}

/** `toldAt` and `TOLD_AT` as `told`, `at`. */
const wordsOf = (name: string): string[] =>
  (/[a-z]/.test(name) ? name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_') : name).toLowerCase().split('_');

it('names in src/ use the common words for messages and reports', () => {
  const files = readdirSync('src', {recursive: true, encoding: 'utf8'}).filter((file) =>
    file.endsWith('.ts'),
  );
  let count = 0;
  const found = files.flatMap((file) => {
    const {program} = parseSync(file, readFileSync(join('src', file), 'utf8'));
    const names = [...new Set(namesIn(program))];
    count += names.length;
    return names
      .filter((name) => wordsOf(name).some((word) => UNCOMMON.has(word)))
      .map((name) => `${file}: ${name}`);
  });
  expect(found).toEqual([]);
  // An empty list would pass everything.
  expect(count).toBeGreaterThan(5_000);
});
