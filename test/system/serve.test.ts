import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {InvokeCommand, LambdaClient} from '@aws-sdk/client-lambda';
import {beforeEach, describe, expect, it, onTestFinished, test, vi} from 'vitest';
import {createClient} from '../../src/apps/client/index.ts';
import {type Cli, project, runCli, startCli} from '../support/cli.ts';
import {framesOf} from '../support/film.ts';
import {outlivesJob} from '../support/outlives.ts';
import {scratch} from '../support/processes.ts';
import {throwAwayProject} from '../support/throw-away-project.ts';

const FRAMES = 61;
let storage = '';
beforeEach(() => {
  storage = scratch();
});

const everyKey = () =>
  readdirSync(storage, {recursive: true, withFileTypes: true}).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(storage.length + 1)] : [],
  );
const keys = () => everyKey().filter((key) => !outlivesJob(key));

/** Starts the service on a free port, with room for an orchestrator and three workers. */
async function serve(...more: string[]): Promise<{cli: Cli; url: string}> {
  const args = ['--port', '0', '--project', project('shapes'), '--storage', storage, '--concurrency', '4'];
  const cli = startCli(['serve', ...args, ...more]);
  await cli.says(/Ctrl\+C ends it/);
  const url = /listens on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(cli.stderr())?.[1];
  expect(url).toBeDefined();
  return {cli, url: url ?? ''};
}

/** The SDK's settings for the service. */
const callerOf = (endpoint: string) => ({
  ...{endpoint, region: 'us-east-1'},
  credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
});

/** Invokes the function like any caller, and returns the answer with its log as text. */
async function invoke(url: string, event: object, functionName = 'revideo-render') {
  const client = new LambdaClient({...callerOf(url), maxAttempts: 1});
  const {Payload, LogResult, FunctionError, StatusCode} = await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      LogType: 'Tail',
      Payload: JSON.stringify(event),
    }),
  );
  client.destroy();
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  return {StatusCode, FunctionError, answer: JSON.parse(Payload?.transformToString() ?? ''), log};
}

const stop = async ({cli}: {cli: Cli}) => {
  cli.signal('SIGINT', 'group');
  expect(await cli.ended).toMatchObject({code: 0, signal: null, stdout: ''});
};

const EVENT = {jobType: 'fullRender', jobId: 'X', numWorkers: 3, variables: {message: 'hi'}};
const REPORT = /^REPORT RequestId: .*$/gm;

test('a full render through the Invoke API: one film, drawn in several processes', async () => {
  const service = await serve();
  const {StatusCode, FunctionError, answer, log} = await invoke(service.url, EVENT);
  expect({StatusCode, FunctionError}).toEqual({StatusCode: 200, FunctionError: undefined});
  expect(answer).toMatchObject({
    jobId: 'X',
    key: 'renders/X.mp4',
    frames: FRAMES,
    workers: 3,
    bucket: storage,
  });
  expect(keys()).toEqual(['renders/X.mp4']);
  expect(await framesOf(join(storage, answer.key))).toBe(FRAMES);

  expect(log.match(REPORT)).toHaveLength(1);
  expect(log).toMatch(/"message":"finished".*"jobId":"X"|"jobId":"X".*"message":"finished"/);
  // The orchestrator's own, and each worker's. A process says once how long it took to start.
  const reports = service.cli.stderr().match(REPORT) ?? [];
  expect(reports).toHaveLength(4);
  expect(reports.filter((line) => line.includes('Init Duration')).length).toBeGreaterThanOrEqual(3);

  const again = await invoke(service.url, {...EVENT, jobId: 'Y'});
  expect(again.log).not.toContain('Init Duration');
  expect(keys()).toEqual(['renders/X.mp4', 'renders/Y.mp4']);
  await stop(service);
});

test('a bad event fails the invocation by its name, and the service goes on', async () => {
  const service = await serve();
  const {StatusCode, FunctionError, answer, log} = await invoke(service.url, {...EVENT, numWorkers: 0});
  expect({StatusCode, FunctionError}).toEqual({StatusCode: 200, FunctionError: 'Unhandled'});
  expect(answer).toMatchObject({
    errorType: 'BadEvent',
    errorMessage: expect.stringContaining('numWorkers is 0; it must be a whole number from 1 to 1000.'),
  });
  expect(log).toContain('"errorType":"BadEvent"');
  expect(log).toMatch(REPORT);
  const chunk = {jobType: 'partialRender', jobId: 'X', workerId: 2, numWorkers: 3};
  expect((await invoke(service.url, chunk)).answer).toMatchObject({start: 45, end: 61, frames: 16});
  const name = /^chunks\/[0-9a-f]{32}\/45-61\.pack$/;
  const refusal = expect.stringMatching(/^jobs\/X\/refused\/[\w-]+\.json$/);
  expect(everyKey().toSorted()).toEqual([...[expect.stringMatching(name), refusal]]);
  await stop(service);
});

test('more chunks than there is room for wait for their turn', async () => {
  const service = await serve('--name', 'my-films', '--concurrency', '2');
  const {answer} = await invoke(service.url, {...EVENT, numWorkers: 3}, 'my-films');
  expect(answer).toMatchObject({frames: FRAMES, workers: 3});
  await stop(service);
});

test('jobs that take all the room there is do not wait for each other for ever', async () => {
  const service = await serve('--concurrency', '2');
  const client = createClient({functionName: 'revideo-render', ...callerOf(service.url)});
  const jobs = await Promise.all(
    ['A', 'B', 'C'].map((jobId) => client.start({numWorkers: 3, variables: {jobId}})),
  );
  const films = await Promise.all(jobs.map((job) => client.waitFor(job)));
  expect(films.map(({frames}) => frames)).toEqual([FRAMES, FRAMES, FRAMES]);
  await stop(service);
});

test('a scene that fails is SceneFailed for the caller of the whole film', async () => {
  const service = await serve('--project', project('throws'));
  const {FunctionError, answer} = await invoke(service.url, EVENT);
  expect(FunctionError).toBe('Unhandled');
  expect(answer).toMatchObject({
    errorType: 'SceneFailed',
    errorMessage: expect.stringMatching(
      /^Job X, chunk 2 of 3 \(frames 15 to 44\), .*the paint ran out \(src\/project\.tsx:7:58\)$/,
    ),
  });
  // Siblings cannot be stopped from here: the chunk of one may still arrive, and is removed by the bucket's lifecycle.
  expect(keys().filter((key) => key.startsWith('renders/'))).toEqual([]);
  await stop(service);
});

test('it renders what is on disk, also after an edit, and an edit that does not compile fails the job', async () => {
  // Variables that the project takes from this shell reach it in the service too.
  vi.stubEnv('VITE_LONGER', 'yes');
  onTestFinished(() => void vi.unstubAllEnvs());
  const scene = 'yield* waitFor(0.3); if ((import.meta as any).env.VITE_LONGER) yield;';
  const folder = throwAwayProject({scene});
  const file = join(folder, 'src/project.tsx');
  const service = await serve('--project', folder);
  const frames = async (jobId: string) =>
    (await invoke(service.url, {jobType: 'fullRender', jobId, numWorkers: 2})).answer;
  expect(await frames('before')).toMatchObject({frames: 10});
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('waitFor(0.3)', 'waitFor(0.6)'));
  expect(await frames('edited')).toMatchObject({frames: 19});
  writeFileSync(file, text.replace('waitFor(0.3)', 'waitFor(0.9); const wrong: number = "text"'));
  expect(await frames('with-a-type-error')).toMatchObject({
    frames: 29,
    warnings: [expect.stringMatching(/Type error in src\/project\.tsx/)],
  });
  writeFileSync(file, text.replace('waitFor(0.3)', 'waitFor('));
  expect(await frames('broken')).toMatchObject({errorType: 'ProjectBroken'});
  writeFileSync(file, text);
  expect(await frames('mended')).toMatchObject({frames: 10});
  await stop(service);
});

test('it can be stopped in the middle of a render', async () => {
  const service = await serve();
  const running = invoke(service.url, EVENT).catch((error) => error);
  await service.cli.says(/"message":"started"/);
  await stop(service);
  await running;
  expect(keys().filter((key) => key.startsWith('renders/'))).toEqual([]);
});

describe('a service that cannot start says which option it is', () => {
  it.each([
    [['--port', '65536'], '--port is "65536"; it must be a whole number from 0 to 65535.'],
    [['--port', 'http'], '--port is "http"; it must be a whole number from 0 to 65535.'],
    [['--concurrency', '1'], '--concurrency is "1"; it must be a whole number from 2 to 1000.'],
    [['--memory', '64'], '--memory is "64"; it must be a whole number from 128 to 10240.'],
    [['--timeout', '901'], '--timeout is "901"; it must be a whole number from 1 to 900.'],
    [['--name', 'a b'], '--name is "a b"; it must be 1 to 64 of A-Z a-z 0-9 _ -.'],
  ])('%j', async (args, message) => {
    const {code, stdout, stderr} = await runCli(['serve', '--project', project('shapes'), ...args]);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^BadSetting: .*\n$/);
    expect(stderr).toContain(message);
  });

  it('a port that is taken', async () => {
    const service = await serve();
    const port = new URL(service.url).port;
    const {code, stderr} = await runCli(['serve', '--project', project('shapes'), '--port', port]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`^BadSetting: The service cannot start on port ${port}\\. .*EADDRINUSE`),
    );
    await stop(service);
  });
});
