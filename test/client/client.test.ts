import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {type Service, startService} from '../../local-lambda/service.ts';
import {createClient} from '../../src/client/create-client.ts';
import {downloadFilm} from '../../src/client/download-film.ts';
import {JobLost, RenderFailed} from '../../src/client/errors.ts';
import type {Client, RenderProgress, RenderResult} from '../../src/client/types.ts';
import {type FaultProxy, startProxy} from '../faults/support/proxy.ts';
import {framesOf} from '../support/film.ts';
import {scratch, until} from '../support/processes.ts';

const file = fileURLToPath(new URL('./fixtures/films.ts', import.meta.url));
const FRAMES = 12;
let storage = '';
let gate = '';
beforeEach(() => {
  storage = scratch();
  gate = join(scratch(), 'open');
});
const openGate = () => writeFileSync(gate, '');

/** A function of its own behind the Invoke API, with a proxy on the way to it. */
async function serve({concurrency = 4}: {concurrency?: number} = {}) {
  const handler = {file, exportName: 'handler'};
  const environment = {REVIDEO_DIRECTORY: storage};
  const subject = {name: 'films', handler, environment, memoryMb: 512, timeoutSeconds: 60};
  const service = await startService({functions: [subject], logs: () => {}, concurrency});
  const proxy = await startProxy({target: () => service.url});
  onTestFinished(async () => {
    openGate();
    await proxy.close();
    await service.close();
  });
  return {service, proxy, client: clientOf(proxy.url)};
}

const clientOf = (endpoint: string, functionName = 'films'): Client =>
  createClient({
    ...{functionName, endpoint, region: 'us-east-1'},
    credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
  });

const jobTypeOf = (body: Buffer): string => JSON.parse(body.toString()).jobType;
const request = {numWorkers: 3, variables: {}};
const film = (jobId: string) => join(storage, `renders/${jobId}.mp4`);

/** Resolves when an event of this kind has come through so many times. */
const passed = (proxy: FaultProxy, jobType: string, times = 1) =>
  until(() => proxy.passed.filter(({exchange}) => jobTypeOf(exchange.body) === jobType).length >= times);

/** The environment that renders. */
const orchestratorOf = (service: Service) =>
  service.environments().find(({invocation}) => invocation && jobTypeOf(invocation.payload) === 'fullRender');

describe('a client', () => {
  it('renders, and has the film', async () => {
    const {client} = await serve();
    const result = await client.render({...request, jobId: 'X'});
    expect(result).toMatchObject({jobId: 'X', state: 'finished', frames: FRAMES, workers: 3});
    expect(await framesOf(film('X'))).toBe(FRAMES);
  });

  it('starts, tells how far it is, waits, and fetches the film', async () => {
    const {client} = await serve();
    const told: RenderProgress[] = [];
    const job = await client.start({...request, variables: {gate}});
    expect(job).toEqual({jobId: expect.stringMatching(/^[0-9a-f-]{36}$/), after: 0});
    const onProgress = (progress: RenderProgress) => {
      told.push(progress);
      if (progress.chunksDone > 0) openGate();
    };
    const result = await client.waitFor(job, {onProgress});
    const whole = {phase: 'publishing', frames: FRAMES, framesDrawn: FRAMES, chunks: 3, chunksDone: 3};
    expect(told).toContainEqual({...whole, phase: 'rendering', framesDrawn: 4, chunksDone: 1});
    expect(told.at(-1)).toEqual(whole);
    expect(await client.progress(job.jobId)).toMatchObject({state: 'finished', run: 1, result});

    const folder = join(scratch(), 'a/b');
    expect(await client.download(job.jobId, join(folder, 'film.mp4'))).toEqual(result);
    expect(readdirSync(folder)).toEqual(['film.mp4']);
    expect(await readFile(join(folder, 'film.mp4'))).toEqual(await readFile(film(job.jobId)));
  });

  it('knows nothing of a job that nobody has begun', async () => {
    const {client} = await serve();
    expect(await client.progress('nobody')).toEqual({jobId: 'nobody', state: 'unknown', run: 0, beat: 0});
    const fetched = client.download('nobody', join(scratch(), 'film.mp4'));
    await expect(fetched).rejects.toMatchObject({errorType: 'NoFilm', retryable: false});
    await expect(client.waitFor('nobody', {patience: 0})).rejects.toMatchObject({errorType: 'JobUnknown'});
  });

  it.each([
    ['render', (client: Client, event: object) => client.render(event)],
    ['start', async (client: Client, event: object) => client.waitFor(await client.start(event))],
  ])('%s rejects with what the film failed of, by its name', async (_, send) => {
    const {client} = await serve();
    const error = await send(client, {...request, variables: {fails: true}}).catch((error) => error);
    expect(error).toBeInstanceOf(RenderFailed);
    expect(error).toMatchObject({
      ...{name: 'RenderFailed', errorType: 'SceneFailed', retryable: false},
      message: expect.stringContaining('the paint ran out'),
    });
  });

  it('rejects a bad event, and a function that is none', async () => {
    const {client, proxy} = await serve();
    const bad = {
      errorType: 'BadEvent',
      message: expect.stringContaining('numWorkers is 0'),
      retryable: false,
    };
    await expect(client.render({numWorkers: 0})).rejects.toMatchObject(bad);
    const nobody = clientOf(proxy.url, 'nobody');
    await expect(nobody.render({})).rejects.toMatchObject({errorType: 'InvokeRefused', retryable: false});
    await expect(nobody.start({})).rejects.toMatchObject({errorType: 'InvokeRefused', retryable: false});
  });

  it.each([null, {}, {state: 'running'}, 'text'])(
    'rejects %j, the answer of a function of something else',
    async (answer) => {
      const {client, proxy} = await serve();
      const body = Buffer.from(JSON.stringify(answer));
      const says = async () => ({status: 200, headers: {'content-type': 'application/json'}, body});
      proxy.disturb(() => true, says, {first: 1, last: 9});
      const stranger = {errorType: 'InvokeRefused', message: expect.stringContaining('something else')};
      await expect(client.render({})).rejects.toMatchObject(stranger);
      await expect(client.waitFor('X')).rejects.toMatchObject(stranger);
      await expect(client.download('X', join(scratch(), 'film.mp4'))).rejects.toMatchObject(stranger);
    },
  );

  it('says that an event is too large to be taken asynchronously', async () => {
    const {client} = await serve();
    await expect(client.start({variables: {text: 'x'.repeat(1_100_000)}})).rejects.toMatchObject({
      errorType: 'BadEvent',
      message: expect.stringMatching(/too large.*1 MB asynchronously.*variables smaller/),
    });
  });

  it('that sends a failed job again waits for what comes of it now', async () => {
    const {client} = await serve();
    const first = await client.start({...request, jobId: 'X', variables: {fails: true}});
    await expect(client.waitFor(first)).rejects.toMatchObject({errorType: 'SceneFailed'});
    const second = await client.start({...request, jobId: 'X', variables: {gate}});
    expect(second).toEqual({jobId: 'X', after: 1});
    openGate();
    expect(await client.waitFor(second)).toMatchObject({state: 'finished', frames: FRAMES});
  });

  it('that starts a job whose film was deleted waits for the new one', async () => {
    const {client} = await serve();
    const first = await client.render({...request, jobId: 'X'});
    rmSync(film('X'));
    const job = await client.start({...request, jobId: 'X'});
    expect(job).toEqual({jobId: 'X', after: 1});
    expect(await client.waitFor(job)).toMatchObject({bytes: first.bytes, chunks: {rendered: 0, reused: 3}});
    expect(existsSync(film('X'))).toBe(true);
  });

  it('that stops waiting does not stop the job', async () => {
    const {client, proxy} = await serve();
    const caller = new AbortController();
    const job = await client.start({...request, variables: {gate}});
    const waiting = client.waitFor(job, {signal: caller.signal});
    await passed(proxy, 'status');
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    openGate();
    expect(await client.waitFor(job)).toMatchObject({state: 'finished'});
  });

  it('that waits is told when somebody cancels the job', async () => {
    const {client, proxy} = await serve();
    const job = await client.start({...request, variables: {gate}});
    const waiting = client.waitFor(job).catch((error) => error);
    await passed(proxy, 'status', 2);
    expect(await client.cancel(job.jobId)).toMatchObject({state: 'cancelled'});
    expect(await waiting).toMatchObject({errorType: 'Cancelled', retryable: false});
    expect(existsSync(film(job.jobId))).toBe(false);
    const again = {...request, jobId: job.jobId};
    await expect(client.render(again)).rejects.toMatchObject({errorType: 'Cancelled'});
    const sent = await client.start(again);
    await expect(client.waitFor(sent)).rejects.toMatchObject({errorType: 'Cancelled'});
  });
});

describe('a client does not lose a job', () => {
  it('when the connection breaks in the middle of it', async () => {
    const {client, proxy} = await serve();
    const isJob = ({body}: {body: Buffer}) => jobTypeOf(body) === 'fullRender';
    const trap = proxy.disturb(isJob, async ({forward}) => {
      // It arrives, and is under way.
      const going = forward();
      await until(() => existsSync(join(storage, 'jobs')));
      going.catch(() => {});
      return 'reset';
    });
    const rendering = client.render({...request, variables: {gate}});
    await trap.met;
    await passed(proxy, 'status');
    openGate();
    expect(await rendering).toMatchObject({state: 'finished', frames: FRAMES});
    expect(proxy.passed.filter(({exchange}) => isJob(exchange))).toHaveLength(1);
  });

  it('when Lambda has no room for its questions', async () => {
    // Room for the orchestrator alone.
    const {client, proxy} = await serve({concurrency: 1});
    const job = await client.start({...request, variables: {gate}});
    const waiting = client.waitFor(job);
    await until(() => proxy.passed.some(({told}) => told === 429));
    openGate();
    expect(await waiting).toMatchObject({state: 'finished', frames: FRAMES});
  });

  it('when whoever renders it is killed: it says so, and the same event finds what was drawn', async () => {
    const {client, service} = await serve();
    const event = {...request, variables: {gate}};
    const job = await client.start(event);
    let killed = false;
    const onProgress = ({chunksDone}: RenderProgress) => {
      if (chunksDone === 0 || killed) return;
      killed = true;
      process.kill(orchestratorOf(service)?.pid as number, 'SIGKILL');
    };
    const error = await client.waitFor(job, {onProgress, silence: 6_000}).catch((error) => error);
    expect(error).toBeInstanceOf(JobLost);
    expect(error).toMatchObject({jobId: job.jobId, errorType: 'JobLost', retryable: true});
    openGate();
    const result = await client.render({...event, jobId: job.jobId});
    expect(result).toMatchObject({state: 'finished', chunks: {rendered: 2, reused: 1}});
  });

  it('and says that there is no room for it at all', async () => {
    const {client, service} = await serve({concurrency: 1});
    await client.start({...request, variables: {gate}});
    await until(() => orchestratorOf(service) !== undefined);
    await expect(client.render(request)).rejects.toMatchObject({
      ...{errorType: 'InvokeThrottled', retryable: true},
      message: expect.stringMatching(/no room/),
    });
  });

  it('but does not wait for one that cannot have arrived', async () => {
    const {service} = await serve();
    await service.close();
    const client = clientOf(service.url);
    await expect(client.render(request)).rejects.toMatchObject({errorType: 'InvokeLost', retryable: true});
  });
});

describe('a download', () => {
  const bytes = Buffer.alloc(100_000, 7);

  async function fetchFrom(answers: readonly ('whole' | 'half' | 'none' | number)[], length = bytes.length) {
    let asked = 0;
    const server = createServer((_, response) => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (typeof answer === 'number') return void response.writeHead(answer).end('no');
      if (answer === 'none') return void response.destroy();
      response.writeHead(200, {'content-length': bytes.length});
      if (answer === 'whole') return void response.end(bytes);
      response.write(bytes.subarray(0, 50_000), () => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const resultUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4?X-Amz-Signature=secret`;
    const folder = scratch();
    const path = join(folder, 'film.mp4');
    const result = {jobId: 'X', resultUrl, bytes: length} as RenderResult;
    const error = await downloadFilm(result, path, {}).catch((error: unknown) => error);
    return {error, asked, files: readdirSync(folder), path};
  }

  it('that breaks off is begun again', async () => {
    const {error, asked, path} = await fetchFrom(['half', 503, 'whole']);
    expect({error, asked}).toEqual({error: undefined, asked: 3});
    expect(await readFile(path)).toEqual(bytes);
  });

  it.each([
    ['breaks off again and again', ['half'], bytes.length, 3, true],
    ['is refused', [403], bytes.length, 1, false],
    ['has another length than the film', ['whole'], bytes.length + 1, 3, true],
    ['is not answered', ['none'], bytes.length, 3, true],
  ] as const)('that %s leaves nothing', async (_, answers, length, asked, retryable) => {
    const fetched = await fetchFrom(answers, length);
    expect(fetched).toMatchObject({asked, files: []});
    expect(fetched.error).toMatchObject({name: 'RenderFailed', errorType: 'DownloadFailed', retryable});
    expect((fetched.error as Error).message).not.toContain('secret');
  });
});
