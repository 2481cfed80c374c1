import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';
import {scratch} from '../../support/processes.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = join(ROOT, 'src/apps/cli/main.ts');

/** Runs the command line into a pipe whose reader has left before it starts. Returns its exit code and standard error. */
async function runWithoutReader(args: readonly string[], redirected = '') {
  const script = `{ until [ -e left ]; do sleep 0.05; done; "$@" ${redirected}; echo "exit code $?" >code; } | { exec <&-; : >left; }; cat code`;
  const {stdout, stderr} = await execa('sh', ['-c', script, 'sh', process.execPath, MAIN, ...args], {
    cwd: scratch(),
    stdin: 'ignore',
  });
  return {stdout, stderr};
}

it.each([
  [['--help']],
  [['render', '--help']],
  [['estimate', '--frames', '900']],
  // A program of its own.
  [['policies', 'user']],
])('%j ends well and quietly when the reader of its output has left', async (args) => {
  expect(await runWithoutReader(args)).toEqual({stdout: 'exit code 0', stderr: ''});
});

it('a mistake has its usual exit code, also when the reader of the messages has left', async () => {
  expect(await runWithoutReader(['--no-such'], '2>&1')).toEqual({stdout: 'exit code 2', stderr: ''});
});
