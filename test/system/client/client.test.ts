import {existsSync, readdirSync, rmSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Client} from '../../../src/apps/client/client.ts';
import {createClient} from '../../../src/apps/client/create-client.ts';
import {RenderFailed} from '../../../src/apps/client/errors.ts';
import type {RenderProgress} from '../../../src/apps/client/types.ts';
import {clientOf, FRAMES, passed, request, serve} from '../../support/client.ts';
import {framesOf} from '../../support/film.ts';
import {scratch} from '../../support/processes.ts';

describe('a client', () => {
  it.each([
    {functionName: ''},
    {functionName: undefined as unknown as string},
    {functionName: 'films', endpoint: ''},
    {functionName: 'films', region: ''},
  ])('is not made of what would lead elsewhere than meant: %j', (options) => {
    expect(() => createClient(options)).toThrow(TypeError);
  });

  it('renders, and has the film', async () => {
    const {client, film} = await serve();
    const result = await client.render({...request, jobId: 'X'});
    expect(result).toMatchObject({jobId: 'X', state: 'finished', frames: FRAMES, workers: 3});
    expect(await framesOf(film('X'))).toBe(FRAMES);
  });

  it('starts, tells how far it is, waits, and fetches the film', async () => {
    const {client, film, gated, openGate} = await serve();
    const told: RenderProgress[] = [];
    const job = await client.start(gated);
    expect(job).toEqual({
      jobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      after: 0,
      invocation: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const onProgress = (progress: RenderProgress) => {
      told.push(progress);
      if (progress.chunksDone > 0) openGate();
    };
    const result = await client.waitFor(job, {onProgress});
    const whole = {phase: 'done', frames: FRAMES, framesDrawn: FRAMES, chunks: 3, chunksDone: 3};
    const first = {...whole, phase: 'rendering', framesDrawn: 4, chunksDone: 1};
    expect(told).toContainEqual(expect.objectContaining(first));
    expect(told.at(-1)).toMatchObject(whole);
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
      await expect(client.cancel('X')).rejects.toMatchObject(stranger);
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
    const {client, gated, openGate} = await serve();
    const first = await client.start({...request, jobId: 'X', variables: {fails: true}});
    await expect(client.waitFor(first)).rejects.toMatchObject({errorType: 'SceneFailed'});
    const second = await client.start({...gated, jobId: 'X'});
    expect(second).toMatchObject({jobId: 'X', after: 1});
    openGate();
    expect(await client.waitFor(second)).toMatchObject({state: 'finished', frames: FRAMES});
  });

  it('that starts a job whose film was deleted waits for the new one', async () => {
    const {client, film} = await serve();
    const first = await client.render({...request, jobId: 'X'});
    rmSync(film('X'));
    const job = await client.start({...request, jobId: 'X'});
    expect(job).toMatchObject({jobId: 'X', after: 1});
    expect(await client.waitFor(job)).toMatchObject({bytes: first.bytes, chunks: {rendered: 0, reused: 3}});
    expect(existsSync(film('X'))).toBe(true);
  });

  it('that stops waiting does not stop the job', async () => {
    const {client, proxy, gated, openGate} = await serve();
    const caller = new AbortController();
    const job = await client.start(gated);
    const waiting = client.waitFor(job, {signal: caller.signal});
    await passed(proxy, 'status');
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    openGate();
    expect(await client.waitFor(job)).toMatchObject({state: 'finished'});
  });

  it('that starts another film under a jobId that is taken is refused', async () => {
    const {client} = await serve();
    await client.render({...request, jobId: 'X'});
    const other = {...request, jobId: 'X', numWorkers: 2};
    await expect(client.start(other)).rejects.toMatchObject({errorType: 'JobConflict', retryable: false});
    await expect(client.render(other)).rejects.toMatchObject({errorType: 'JobConflict'});
  });

  it('that starts what cannot be rendered is told why, and not that nobody has begun it', async () => {
    const {client} = await serve();
    const job = await client.start({...request, numWorkers: 0});
    await expect(client.waitFor(job)).rejects.toMatchObject({
      ...{errorType: 'BadEvent', retryable: false},
      message: expect.stringContaining('numWorkers is 0; it must be'),
    });
    const missing = await client.start({variablesStored: true});
    await expect(client.waitFor(missing)).rejects.toMatchObject({errorType: 'BadEvent'});
    await expect(client.start({...request, jobId: 'Y', numWorkers: 0})).rejects.toMatchObject({
      errorType: 'BadEvent',
    });
  });

  it('that waits is told when somebody cancels the job', async () => {
    const {client, proxy, film, gated} = await serve();
    const job = await client.start(gated);
    const waiting = client.waitFor(job).catch((error) => error);
    await passed(proxy, 'status', 2);
    expect(await client.cancel(job.jobId, {force: true})).toMatchObject({state: 'cancelled'});
    expect(await waiting).toMatchObject({errorType: 'Cancelled', retryable: false});
    expect(existsSync(film(job.jobId))).toBe(false);
    const again = {...request, jobId: job.jobId};
    await expect(client.render(again)).rejects.toMatchObject({errorType: 'Cancelled'});
    const sent = await client.start(again);
    await expect(client.waitFor(sent)).rejects.toMatchObject({errorType: 'Cancelled'});
  });
});
