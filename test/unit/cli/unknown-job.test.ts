import {join} from 'node:path';
import {expect, it} from 'vitest';
import {refusalKey, runKey} from '../../../src/model/keys.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {cliHere} from '../../support/cli-here.ts';
import {scratch} from '../../support/processes.ts';

it('watch names the folder in which a job is unknown, and no function', async () => {
  const storage = scratch();
  const {code, stdout, stderr} = await cliHere(['watch', 'X', '--patience', '1', '--storage', storage]);
  expect({code, stdout}).toEqual({code: 1, stdout: ''});
  const [last] = stderr.trimEnd().split('\n').slice(-1);
  expect(last).toMatch(/^JobUnknown: No run of job X has started in .* for \d+ s\. Check the job's name/);
  expect(last).toContain(storage);
  expect(last).not.toMatch(/function|Lambda/);
});

it('logs of a job without a record is an error, and names the folder', async () => {
  const storage = scratch();
  for (const more of [[], ['--json']]) {
    const {code, stdout, stderr} = await cliHere(['logs', 'X', '--storage', storage, ...more]);
    expect({code, stdout}).toEqual({code: 1, stdout: ''});
    expect(stderr).toBe(
      `JobUnknown: No run of job X has started in ${storage}. Check the name, or say where the job is: --storage <folder> or --function <name>.\n`,
    );
  }
});

it('logs in a folder that is not there is wrong usage', async () => {
  const {code, stdout, stderr} = await cliHere(['logs', 'X', '--storage', join(scratch(), 'none')]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toMatch(/^BadSetting: --storage is ".*none"; /);
});

it.each([
  ['records of its runs', runKey('X', 1, 'claim'), 'runs'],
  ['records of its refused events', refusalKey('X', 'i-1'), 'refused'],
])('logs shows the %s, readable or not', async (what, key, folder) => {
  const storage = scratch();
  await directoryStorage({root: storage}).put(key, '{bro');
  const {code, stdout, stderr} = await cliHere(['logs', 'X', '--json', '--storage', storage]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toEqual({
    log: expect.any(String),
    [what]: join(storage, 'jobs/X', folder),
  });
});
