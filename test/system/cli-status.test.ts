import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {startService} from '../../local-lambda/service.ts';
import {createClient} from '../../src/apps/client/create-client.ts';
import {claimRun, endRun} from '../../src/job/runs/records.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {runCli} from '../support/cli.ts';
import {scratch} from '../support/processes.ts';

const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};

test('status tells of a job of this machine, and leaves nothing', async () => {
  const {code, stdout, stderr} = await runCli(['status', 'X', '--storage', scratch()]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toEqual({jobId: 'X', state: 'unknown', run: 0, beat: 0});
});

test('status shows nothing of an error that steers a terminal, and stays the same JSON', async () => {
  const root = scratch();
  const place = {storage: directoryStorage({root}), jobId: 'X', signal: new AbortController().signal};
  const errorMessage = 'Frame 1: \u009b2J\u001b[31m\u202egpj.exe\u2066\u200f\u0085';
  await claimRun(place, {number: 1, claim: {owner: 'me', root: 1, handedOver: 0}});
  const error = {errorType: 'SceneFailed', errorMessage};
  await endRun(place, {number: 1, outcome: {state: 'failed', owner: 'me', error}});
  const {stdout} = await runCli(['status', 'X', '--storage', root]);
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(JSON.parse(stdout)).toMatchObject({state: 'failed', error});
  const listed = await runCli(['list', '--storage', root]);
  expect(listed.stdout).toContain('Frame 1:');
  expect(listed.stdout).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test('status of what is no jobId is a bad event', async () => {
  const {code, stdout, stderr} = await runCli(['status', '../X', '--storage', scratch()]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toMatch(/^BadEvent: .*jobId is "\.\.\/X"/);
});

test('status --function asks the function', async () => {
  const file = fileURLToPath(new URL('../support/client/films.ts', import.meta.url));
  const environment = {REVIDEO_DIRECTORY: scratch()};
  const handler = {file, exportName: 'handler'};
  const films = {name: 'films', handler, environment, memoryMb: 512, timeoutSeconds: 60};
  const service = await startService({functions: [films], logs: () => {}});
  onTestFinished(() => service.close());
  const where = {functionName: 'films', endpoint: service.url, region: 'us-east-1', credentials};
  const result = await createClient(where).render({jobId: 'X', numWorkers: 2});
  const {code, stdout, stderr} = await runCli(['status', 'X', '--function', 'films'], {
    environment: {
      ...{AWS_ENDPOINT_URL_LAMBDA: service.url, AWS_REGION: 'us-east-1'},
      ...{AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'},
    },
  });
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toMatchObject({state: 'finished', run: 1, result});
});
