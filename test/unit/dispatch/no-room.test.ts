import {expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import {dispatch} from '../../../src/job/dispatch/dispatch.ts';
import type {ChunkEvent} from '../../../src/model/job-events.ts';
import {ALONE, filmChunks, resultOf} from '../../support/film-chunks.ts';

it('where there is no room at all, chunks are drawn here, one at a time', async () => {
  const seen = {running: 0, peak: 0, here: [] as number[]};
  const engine: Engine = {
    name: 'full',
    traits: {isolated: true, stops: false, progress: 'storage'},
    capacity: () => 8,
    run: () => Promise.reject(new RenderError('InvokeThrottled', 'Rate exceeded.')),
    async runHere(event) {
      seen.here.push(event.workerId);
      seen.peak = Math.max(seen.peak, ++seen.running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.running--;
      return resultOf(event);
    },
    close: async () => {},
  };
  const events: ChunkEvent[] = [];
  const {chunks, counts} = await dispatch(filmChunks(6), {
    engine,
    signal: new AbortController().signal,
    ...ALONE,
    take: async (_, {workerId}) => workerId,
    onEvent: (event) => events.push(event),
  });
  expect(chunks).toEqual([0, 1, 2, 3, 4, 5]);
  expect(counts).toMatchObject({rendered: 6, retried: 0});
  expect(seen.peak).toBe(1);
  expect(seen.here.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(events.filter(({state}) => state === 'refused').length).toBeGreaterThanOrEqual(6);
}, 60_000);

it('an error of a chunk that was drawn here is told as any', async () => {
  const engine: Engine = {
    name: 'full',
    traits: {isolated: true, stops: false, progress: 'storage'},
    capacity: () => 2,
    run: () => Promise.reject(new RenderError('InvokeThrottled', 'Rate exceeded.')),
    runHere: () => Promise.reject(new RenderError('SceneFailed', 'the paint ran out')),
    close: async () => {},
  };
  const drawn = dispatch(filmChunks(2), {
    engine,
    signal: new AbortController().signal,
    ...ALONE,
    take: async () => 0,
    onEvent: () => {},
  });
  await expect(drawn).rejects.toMatchObject({
    name: 'SceneFailed',
    message: expect.stringMatching(/^Job film, chunk \d of 2 .*: the paint ran out$/),
  });
});
