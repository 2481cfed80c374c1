import {describe, expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {FullRender} from '../../../src/model/event.ts';
import type {FullResult} from '../../../src/model/result.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {drawn, film, filmKeys, send, storage, watched} from '../../support/jobs.ts';
import {FRAMES, filmEvent, inProcess} from '../../support/test-picture.ts';

describe('a job that is handed over', () => {
  it('goes on where it was, and says so to who waits', async () => {
    const renderer = watched();
    const late = new AbortController();
    const started: FullRender[] = [];
    const handOver = {
      signal: late.signal,
      start: async (event: FullRender) => void started.push(event),
    };
    let states: string[] = [];
    const onEvent = ({state}: {state: string}) => {
      states.push(state);
      if (state === 'done') late.abort(new RenderError('TimedOut', 'late'));
    };
    const engine = {...inProcess({renderer, storage}), concurrency: 1};
    const said = await send({}, {renderer, engine, onEvent}, {handOver});
    expect(said).toEqual({
      jobId: 'film',
      state: 'continues',
      bucket: storage.bucket,
      key: 'renders/film.mp4',
      message: expect.stringContaining('Send the same event again'),
    });
    expect(started).toEqual([filmEvent()]);
    expect(await filmKeys()).toEqual([]);
    states = [];
    const result = await send(started[0], {renderer, engine});
    expect(result).toMatchObject({state: 'finished', handedOver: 1, chunks: {reused: expect.any(Number)}});
    expect((result as FullResult).chunks.reused).toBeGreaterThan(0);
    expect(await film()).toBe(FRAMES);
  });
});

describe('a job with a time limit', () => {
  const never = new AbortController().signal;
  const late = new RenderError('TimedOut', 'The time limit is near.');

  it('that waits for another leaves, where that one finds no room for its workers', async () => {
    let full = true;
    const renderer = watched();
    const here = inProcess({renderer, storage});
    const throttled = new RenderError('InvokeThrottled', 'Rate exceeded.');
    const engine: Engine = {
      ...here,
      run: (event, on, context) => (full ? Promise.reject(throttled) : here.run(event, on, context)),
    };
    const begun = Promise.withResolvers<void>();
    const onEvent = ({state}: {state: string}) => state === 'refused' && begun.resolve();
    const first = send({}, {renderer, engine, onEvent});
    await begun.promise;
    const handOver = {signal: never, start: async () => {}};
    expect(await send({}, {renderer, engine}, {handOver})).toMatchObject({state: 'continues'});
    full = false;
    expect(await first).toMatchObject({state: 'finished'});
    expect(drawn).toHaveLength(3);
  });

  it('is not handed over before it is known how long the film is', async () => {
    const renderer: Renderer = {
      ...watched(),
      plan: (_, {signal}) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const [soon, end] = [new AbortController(), new AbortController()];
    let started = 0;
    const handOver = {signal: soon.signal, start: async () => void started++};
    const outcome = send({}, {renderer}, {handOver, signal: end.signal}).catch((error: unknown) => error);
    setTimeout(() => soon.abort(late), 300);
    setTimeout(() => end.abort(late), 600);
    expect(await outcome).toMatchObject({
      name: 'TimedOut',
      message: expect.stringContaining('To count the frames of the film alone'),
    });
    expect(started).toBe(0);
  });
});
