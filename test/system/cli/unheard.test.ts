import {expect, test} from 'vitest';
import {project, runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';
import {startReceiver} from '../../support/receiver.ts';

test('a webhook that does not want to hear is said on standard error, and ends nothing', async () => {
  const receiver = await startReceiver((response) => response.writeHead(400).end());
  const job = ['--project', project('shapes'), '--workers', '1', '--job-id', 'X', '--storage', scratch()];
  const {code, stderr} = await runCli(['render', ...job, '--webhook', receiver.url], {
    environment: {REVIDEO_PRIVATE_HOSTS: receiver.host},
  });
  expect(code).toBe(0);
  expect(receiver.ends()).toHaveLength(1);
  expect(stderr).toMatch(/^X-1-success was not delivered: .*400/m);
  expect(stderr).not.toContain('token');
});
