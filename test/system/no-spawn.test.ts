import {readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {execa} from 'execa';
import {expect, it} from 'vitest';
import {scratch} from '../support/processes.ts';

const TESTS = `
import {execFile, execFileSync} from 'node:child_process';
import {Worker} from 'node:worker_threads';
import {it} from 'vitest';
it('a process', () => { execFile('true'); });
it('a process that nobody misses', () => { try { execFileSync('true'); } catch {} });
it('a thread', () => { new Worker('data:,'); });
it('nothing', () => {});
`;

it('a unit test that starts a process or a thread fails, with what it started and where it belongs', async () => {
  const folder = scratch();
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'some.test.js'), TESTS);
  const setupFiles = [resolve('test/support/no-spawn.ts')];
  const config = {
    test: {include: ['*.test.js'], setupFiles, reporters: [['json', {outputFile: 'report.json'}]]},
  };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
  const {exitCode} = await execa('vitest', ['run', '--root', folder], {
    ...{preferLocal: true, reject: false},
  });
  const {testResults} = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const ended = testResults[0].assertionResults.map(
    ({title, status, failureMessages}: {title: string; status: string; failureMessages: string[]}) => [
      title,
      status,
      failureMessages.some((message) =>
        /starts: .*\n.*test\/media, test\/browser or test\/system/.test(message),
      ),
    ],
  );
  expect({exitCode, ended}).toEqual({
    exitCode: 1,
    ended: [
      ['a process', 'failed', true],
      ['a process that nobody misses', 'failed', true],
      ['a thread', 'failed', true],
      ['nothing', 'passed', false],
    ],
  });
});
