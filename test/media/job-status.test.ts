import {once} from 'node:events';
import {beforeEach, describe, expect, it} from 'vitest';
import {createHandler} from '../../src/apps/handler/handler.ts';
import {RenderError} from '../../src/base/errors.ts';
import type {Engine} from '../../src/engines/engine.ts';
import {cancelJob} from '../../src/job/cancel-job.ts';
import type {JobContext} from '../../src/job/context.ts';
import {type JobStatus, jobStatus} from '../../src/job/job-status.ts';
import type {JobPolicy} from '../../src/job/policy.ts';
import type {JobPorts} from '../../src/job/ports.ts';
import {renderChunk} from '../../src/job/render-chunk.ts';
import {renderJob} from '../../src/job/render-job.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import type {FullRender} from '../../src/model/event.ts';
import {runKey} from '../../src/model/keys.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';
import {FRAMES, filmEvent, inProcess, testPicture} from '../support/test-picture.ts';

const {signal} = new AbortController();
let storage: Storage;
beforeEach(() => {
  ownTemporaryDirectory();
  storage = directoryStorage({root: scratch()});
});

const status = (jobId = 'film') => jobStatus({jobType: 'status', jobId}, {storage}, signal);

/** Sends a request. */
function send(
  request: Partial<FullRender> = {},
  tools: Partial<JobPorts & JobPolicy> = {},
  options: Partial<JobContext> = {},
) {
  const renderer = tools.renderer ?? testPicture();
  const all = {renderer, storage, engine: inProcess({renderer, storage}), media: ffmpegMedia, ...tools};
  return renderJob(filmEvent(request), all, tools, {signal, ...options});
}

/** Draws, and asks once a chunk is done; the last chunk is drawn after the expected status was seen. */
function askedWhileDrawing(seen: (status: JobStatus) => boolean) {
  const statuses: JobStatus[] = [];
  const real = testPicture();
  const renderer: Renderer = {
    ...real,
    async *render(order, options) {
      if (order.end === FRAMES) {
        do statuses.push(await status());
        while (!seen(statuses.at(-1) as JobStatus));
      }
      yield* real.render(order, options);
    },
  };
  return {renderer, statuses};
}

describe('the status of a job', () => {
  it('that nobody has begun is unknown, and asking leaves nothing behind', async () => {
    expect(await status()).toEqual({jobId: 'film', state: 'unknown', run: 0, beat: 0});
    expect(await listAll('', {storage})).toEqual([]);
  });

  it('that is rendered tells how far it is, and goes on to tell', async () => {
    const {renderer, statuses} = askedWhileDrawing(({progress}) => progress?.chunksDone === 2);
    await send({}, {renderer});
    for (const one of statuses) expect(one).toMatchObject({jobId: 'film', state: 'running', run: 1});
    const last = statuses.at(-1);
    expect(last?.progress).toMatchObject({
      ...{phase: 'rendering', frames: FRAMES, framesDrawn: 15, chunks: 3, chunksDone: 2, errors: []},
      cells: [
        {state: 'done', frames: 7, framesDrawn: 7, attempts: 1},
        {state: 'done', frames: 8, framesDrawn: 8, attempts: 1},
        {state: 'starting', frames: 8, framesDrawn: 0, attempts: 1},
      ],
    });
    expect(last?.beat).toBeGreaterThan(statuses[0]?.beat ?? 0);
  });

  it('that is finished holds its result, with an address of its own', async () => {
    const result = await send();
    const {state, run, result: told, progress, error} = await status();
    expect({state, run, error}).toEqual({state: 'finished', run: 1});
    expect(progress).toMatchObject({phase: 'done', framesDrawn: FRAMES, chunksDone: 3});
    expect(told).toEqual(result);
  });

  it('whose film was deleted is unknown again', async () => {
    await send();
    await storage.delete(['renders/film.mp4']);
    expect(await status()).toMatchObject({state: 'unknown', run: 1});
  });

  it('that failed says of what, without the stack', async () => {
    const engine = {
      ...inProcess({renderer: testPicture(), storage}),
      run: () => Promise.reject(new RenderError('SceneFailed', 'the paint ran out')),
    };
    const failure = await send({}, {engine}).catch((error: Error) => error);
    const error = {errorType: 'SceneFailed', errorMessage: (failure as Error).message};
    expect(await status()).toEqual({
      ...{jobId: 'film', state: 'failed', run: 1, beat: expect.any(Number), error},
      progress: expect.objectContaining({phase: 'failed', errors: [error]}),
    });
  });

  it('that was cancelled says so, begun or not', async () => {
    await cancelJob({jobType: 'cancel', jobId: 'film', force: true}, {storage}, signal);
    expect(await status()).toMatchObject({state: 'cancelled', run: 1});
  });

  it.each([
    '{bro',
    '{"owner":"x","state":"failed"}',
    '{"owner":"x","state":"failed","error":{"errorType":5}}',
    '{"owner":"x","state":"finished"}',
  ])('whose end is told by %s is an error that names the record', async (outcome) => {
    await send();
    const key = runKey('film', 1, 'outcome');
    await storage.put(key, outcome);
    await expect(status()).rejects.toMatchObject({
      name: 'StorageGarbled',
      message: expect.stringContaining(key),
    });
  });

  it.each(['{bro', '[]', '{"count":"x"}', '{"count":1,"progress":{"phase":"rendering"}}'])(
    'whose sign of life is %s runs, and says no more',
    async (beat) => {
      const claim = {owner: 'x', root: 1, handedOver: 0};
      await storage.put(runKey('film', 1, 'claim'), JSON.stringify(claim));
      await storage.put(runKey('film', 1, 'beat'), beat);
      expect(await status()).toEqual({jobId: 'film', state: 'running', run: 1, beat: 0});
    },
  );

  it('that was handed over runs, and what was drawn stays drawn', async () => {
    const handOver = new AbortController();
    const sent: FullRender[] = [];
    const {renderer} = askedWhileDrawing(({progress}) => {
      if (progress?.chunksDone !== 2) return false;
      handOver.abort(new RenderError('TimedOut', 'The time limit is near.'));
      return true;
    });
    const start = async (event: FullRender) => void sent.push(event);
    // As on Lambda, a worker continues when its orchestrator is gone.
    const engine: Engine = {
      ...inProcess({renderer, storage}),
      run: (event, _, {signal: ended}) =>
        Promise.race([
          renderChunk(event, {renderer, storage}, {signal}),
          once(ended, 'abort').then(() => Promise.reject(ended.reason)),
        ]),
    };
    const first = await send({}, {renderer, engine}, {handOver: {signal: handOver.signal, start}});
    expect(first).toMatchObject({state: 'continues'});
    // No run has continued it yet.
    const between = await status();
    expect(between).toMatchObject({state: 'waiting', run: 1, progress: {framesDrawn: 15, chunksDone: 2}});

    const seen: JobStatus[] = [];
    const real = testPicture();
    const plan: Renderer['plan'] = async (variables, options) => {
      do seen.push(await status());
      while (!seen.at(-1)?.beat);
      return real.plan(variables, options);
    };
    await send(sent[0], {renderer: {...real, plan}});
    expect(seen.at(-1)).toMatchObject({
      ...{state: 'running', run: 2},
      progress: {phase: 'planning', frames: FRAMES, framesDrawn: 15, chunks: 3, chunksDone: 2},
    });
    expect(await status()).toMatchObject({state: 'finished', run: 2, result: {handedOver: 1}});
  });

  it('is told by the handler, as a plain object and over HTTP', async () => {
    await send();
    const renderer = testPicture();
    const handler = createHandler({renderer, storage, engine: inProcess({renderer, storage})});
    const event = {jobType: 'status', jobId: 'film'};
    expect(await handler(event)).toEqual(await status());
    const request = {
      requestContext: {authorizer: {iam: {userArn: 'arn:aws:iam::1:user/x'}}},
      body: JSON.stringify(event),
    };
    const answer = (await handler(request)) as {statusCode: number; body: string};
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual(await status());
  });
});
