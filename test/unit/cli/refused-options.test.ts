import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, it, test} from 'vitest';
import {project} from '../../support/cli.ts';
import {cliHere} from '../../support/cli-here.ts';
import {scratch} from '../../support/processes.ts';

let directory = '';
beforeEach(() => {
  directory = scratch();
});
const inDirectory = (name: string) => join(directory, name);
const everythingIn = (path: string) => readdirSync(path, {recursive: true}).toSorted();
const SHAPES = ['--project', project('shapes')];
const render = (...more: string[]) => ['render', ...SHAPES, ...more];

test('invoke with --event that is not there, or is no JSON', async () => {
  const [missing, broken] = [inDirectory('missing.json'), inDirectory('event.json')];
  writeFileSync(broken, '{"jobType":');
  const {code, stdout, stderr} = await cliHere(['invoke', ...SHAPES, '--event', missing]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toBe(`BadSetting: --event is ${JSON.stringify(missing)}; there is no such file to read.\n`);
  const other = await cliHere(['invoke', ...SHAPES, '--event', broken, '--storage', inDirectory('storage')]);
  expect({code: other.code, stdout: other.stdout}).toEqual({code: 2, stdout: ''});
  expect(other.stderr).toMatch(/^BadSetting: --event is ".*event\.json", which is not JSON: .*\n$/);
});

const long = 'x'.repeat(129);
/** A line of a stack trace. */
const STACK = /^\s+at /m;
const WORKERS = 'it must be a whole number from 1 to 1000.';
const JOB_ID = 'it must be 1 to 128 characters of A-Z a-z 0-9 . _ - that do not start with a dot.';

describe('what cannot be rendered is one named error, and leaves nothing', () => {
  it.each<[string[], string]>([
    [['--workers', '0'], `BadSetting: --workers is 0; ${WORKERS}`],
    [['--workers', '1.5'], `BadSetting: --workers is 1.5; ${WORKERS}`],
    [['--workers', '-1'], `BadSetting: --workers is -1; ${WORKERS}`],
    [['--workers', '1001'], `BadSetting: --workers is 1001; ${WORKERS}`],
    [['--workers', 'abc'], `BadSetting: --workers is "abc"; ${WORKERS}`],
    [['--workers', 'NaN'], `BadSetting: --workers is "NaN"; ${WORKERS}`],
    [['--workers', ''], `BadSetting: --workers is ""; ${WORKERS}`],
    [['--job-id', 'a/b'], `BadSetting: --job-id is "a/b"; ${JOB_ID}`],
    [['--job-id', '..'], `BadSetting: --job-id is ".."; ${JOB_ID}`],
    [['--job-id', ''], `BadSetting: --job-id is ""; ${JOB_ID}`],
    [['--job-id', long], `BadSetting: --job-id is "${'x'.repeat(76)}...; ${JOB_ID}`],
    [['--variables', '{message'], 'BadSetting: --variables is "{message"; it must be a JSON object such as'],
    [['--variables', '[1]'], 'BadSetting: --variables is [ 1 ]; it must be a JSON object.'],
    [['--variables', 'null'], 'BadSetting: --variables is null; it must be a JSON object.'],
    [['--concurrency', '0'], 'BadSetting: --concurrency is "0"; it must be a whole number from 1 to 256.'],
    [
      ['--concurrency', 'two'],
      'BadSetting: --concurrency is "two"; it must be a whole number from 1 to 256.',
    ],
    [['--wrokers', '2'], "BadSetting: unknown option '--wrokers'"],
  ])('%j', async (args, message) => {
    const {code, stdout, stderr} = await cliHere(render('--storage', directory, ...args));
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).not.toMatch(STACK);
    expect(everythingIn(directory)).toEqual([]);
  });

  it('--verbose shows where it was thrown', async () => {
    const {stderr} = await cliHere(['--verbose', ...render('--workers', '0', '--storage', directory)]);
    expect(stderr).toMatch(/^BadSetting: .*\n(.*\n)*\s+at parseEvent .*event\.ts:\d+/);
  });

  it.each([
    ['a folder', () => directory],
    ['below a file', () => join(inDirectory('file'), 'film.mp4')],
  ])('--out that is %s', async (_, out) => {
    writeFileSync(inDirectory('file'), 'kept');
    mkdirSync(inDirectory('folder'));
    const {code, stdout, stderr} = await cliHere(render('--out', out()));
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^BadSetting: --out is ".*"[;,] .*\n$/);
    expect(everythingIn(directory)).toEqual(['file', 'folder']);
  });
});
