import {join} from 'node:path';
import {expect, it} from 'vitest';
import {runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';

it('doctor says once that there is no project, and then looks for no addresses in it', {
  timeout: 120_000,
}, async () => {
  const folder = scratch();
  const {code, stdout} = await runCli(['doctor', '--project', join(folder, 'nowhere'), '--storage', folder]);
  expect(code).toBe(1);
  expect(stdout.match(/There is no folder and no file/g)).toHaveLength(1);
  expect(stdout.match(/Name the folder/g)).toHaveLength(1);
  expect(stdout).toContain('not checked: private addresses: they need a project that works');
});
