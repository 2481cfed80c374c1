import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {OTHER_VARIABLES} from '../../docs/generate/environment.ts';
import {documents, PLACEHOLDERS} from '../../infra/documents.ts';
import {EXIT} from '../../src/apps/cli/exit.ts';
import {ChunkState, Progress} from '../../src/model/progress.ts';
import {FullResult} from '../../src/model/result.ts';
import {METRICS} from '../../src/observers/metrics.ts';

/** The words of a page that stand as code. */
const codeOf = (page: string): Set<string> =>
  new Set([...readFileSync(page, 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text));

const missing = (names: readonly string[], page: string): string[] => {
  const words = codeOf(page);
  return names.filter((name) => !words.has(name));
};

it('docs/results.md has every field of a result and of progress', () => {
  const {cells} = Progress.shape;
  const fields = [FullResult, Progress, cells.element].flatMap((schema) => Object.keys(schema.shape));
  const parts = [FullResult.shape.chunks, FullResult.shape.seconds].flatMap(({shape}) => Object.keys(shape));
  const names = [...fields, ...parts, ...ChunkState.options, ...Progress.shape.phase.options];
  expect(missing(names, 'docs/results.md')).toEqual([]);
});

it('docs/observability.md has every metric', () => {
  expect(missing(Object.keys(METRICS), 'docs/observability.md')).toEqual([]);
});

it('docs/permissions-and-quotas.md has every right of the function', () => {
  const {Statement} = documents.role(PLACEHOLDERS);
  expect(
    missing(
      Statement.flatMap(({Action}) => Action),
      'docs/permissions-and-quotas.md',
    ),
  ).toEqual([]);
});

it('docs/command-line.md has every exit code', () => {
  const table = readFileSync('docs/command-line.md', 'utf8').split('\n## Exit codes\n')[1] ?? '';
  expect([...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))).toEqual(
    Object.values(EXIT).sort((one, other) => one - other),
  );
});

it('variables that the settings do not have are read somewhere', () => {
  const sources = readdirSync('src', {recursive: true, encoding: 'utf8'})
    .filter((file) => /\.m?ts$/.test(file))
    .map((file) => readFileSync(join('src', file), 'utf8'))
    .join('\n');
  const names = Object.keys(OTHER_VARIABLES).map((name) => name.replace(/(<NAME>|\*)$/, ''));
  // Powertools reads LOG_LEVEL itself.
  expect(names.filter((name) => name !== 'LOG_LEVEL' && !sources.includes(name))).toEqual([]);
});
