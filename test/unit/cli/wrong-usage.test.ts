import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {inOptions} from '../../../src/apps/cli/in-options.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {project} from '../../support/cli.ts';
import {cliHere} from '../../support/cli-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'wrong-usage-'));
afterAll(() => rmSync(folder, {recursive: true}));
const file = join(folder, 'file');
writeFileSync(file, '');

test.each<[what: string, args: string[], message: RegExp]>([
  [
    '--detach without a function',
    ['render', '--detach'],
    /--detach is for a function: say which, with --function/,
  ],
  [
    'an address without a function',
    ['render', '--endpoint-url', 'http://127.0.0.1:1'],
    /--endpoint-url is for a/,
  ],
  ['no project', ['render', '--project', '/nope'], /There is no folder and no file \/nope/],
  [
    'a storage of the kernel',
    ['render', '--storage', '/proc/films'],
    /--storage is "\/proc\/films"; .*kernel/,
  ],
  [
    'a storage below a file',
    ['render', '--storage', join(file, 'films')],
    /--storage is ".*films"; .*ENOTDIR/,
  ],
  [
    'a service whose storage is a file',
    ['serve', '--port', '0', '--storage', file],
    /--storage is ".*file"; /,
  ],
  ['a storage that is not there', ['list', '--storage', '/nope'], /--storage is "\/nope"; .*ENOENT/],
  ['a storage that is a file', ['status', 'job', '--storage', file], /--storage is ".*file"; .*no folder/],
  [
    'no workers',
    ['render', '--workers', '0'],
    /BadSetting: --workers is 0; it must be a whole number from 1/,
  ],
  ['no jobId', ['render', '--job-id', '../x'], /BadSetting: --job-id is "\.\.\/x"; it must be 1 to 128/],
  ['no key', ['render', '--output-key', 'a//b'], /BadSetting: --output-key is "a\/\/b"; it must be 1 to 512/],
  ['a reserved key', ['render', '--output-key', 'jobs/a'], /BadSetting: --output-key is "jobs\/a"; in the/],
  [
    'two mistakes',
    ['render', '--workers', 'x', '--poster', '-1'],
    /--workers is "x"; .*1000\. --poster is -1; /,
  ],
])('%s is wrong usage, and is said in the words of the command line', async (_what, args, message) => {
  const own =
    args.includes('--project') || args[0] === 'list' || args[0] === 'status'
      ? []
      : ['--project', project('shapes')];
  const {code, stdout, stderr} = await cliHere([...args, ...own]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toMatch(message);
  expect(existsSync(join(folder, 'films'))).toBe(false);
});

test('only a field that a sentence begins with becomes an option', () => {
  const message = 'The event cannot be used. variables is "jobId is 3"; it must be a JSON object.';
  const said = inOptions(new RenderError('BadEvent', message)) as Error;
  expect(said.message).toBe('--variables is "jobId is 3"; it must be a JSON object.');
  const other = new RenderError('SceneFailed', 'jobId is wrong.');
  expect(inOptions(other)).toBe(other);
});
