import {expect, test} from 'vitest';
import {project, runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';

test('asks a project how long its film is', async () => {
  const args = ['estimate', '--project', project('patches'), '--storage', scratch(), '--json'];
  const {code, stdout, stderr} = await runCli(args);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toMatchObject({frames: expect.any(Number), quality: 'cheapest'});
});
