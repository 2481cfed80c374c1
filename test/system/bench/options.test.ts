import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';

const RUN = fileURLToPath(new URL('../../../bench/run.ts', import.meta.url));

it('the benchmark refuses an option that it does not know, before it measures anything', async () => {
  const {exitCode, stderr, stdout} = await execa(process.execPath, [RUN, '--speed'], {reject: false});
  expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''});
  expect(stderr).toContain("unknown option '--speed'");
});

it('the options of the benchmark are explained by --help', async () => {
  const {stdout} = await execa(process.execPath, [RUN, '--help']);
  for (const option of ['--runs', '--workers', '--scene', '--parts', '--scale', '--quick']) {
    expect(stdout).toContain(option);
  }
});
