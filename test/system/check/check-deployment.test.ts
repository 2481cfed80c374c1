import {readdirSync} from 'node:fs';
import {expect, test} from 'vitest';
import {project, runCli, startCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';

const environment = {AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'};

test('on the local service: three frames through the function, and nothing stays', async () => {
  const storage = scratch();
  const args = ['--port', '0', '--project', project('shapes'), '--storage', storage, '--concurrency', '3'];
  const cli = startCli(['serve', ...args]);
  await cli.says(/Ctrl\+C ends it/);
  const url = /listens on (http:\S+)$/m.exec(cli.stderr())?.[1] ?? '';
  const where = ['--function', 'revideo-render', '--endpoint-url', url];
  const {code, stdout, stderr} = await runCli(['check-deployment', ...where], {environment});
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toMatch(/^– not checked: concurrency: .*this service has only POST/m);
  expect(stdout).toMatch(
    /^✓ browser, project: 61 frames at 30 frames a second, 320 x 180, Revideo \d+\.\d+\.\d+$/m,
  );
  expect(stdout).toMatch(/^✓ three frames: drawn by another invocation \(lambda\)/m);
  expect(stdout).toMatch(/^revideo-render can render\.$/m);
  cli.signal('SIGINT', 'group');
  expect(await cli.ended).toMatchObject({code: 0});
  expect(readdirSync(storage, {recursive: true})).toEqual(['.tmp']);
});
