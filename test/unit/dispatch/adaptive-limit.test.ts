import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {pause} from '../../../src/base/pause.ts';
import {adaptiveLimit} from '../../../src/job/dispatch/adaptive-limit.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});
afterEach(() => {
  vi.useRealTimers();
});

/** A service with room for some, of which others may take a share. */
function service(room: () => number) {
  const seen = {running: 0, peak: 0, refused: 0, lowered: [] as number[]};
  const work = (milliseconds: number) => async () => {
    await pause(20);
    if (seen.running >= room()) {
      seen.refused++;
      throw new RenderError('InvokeThrottled', 'Rate exceeded.');
    }
    seen.peak = Math.max(seen.peak, ++seen.running);
    await pause(milliseconds);
    seen.running--;
    return milliseconds;
  };
  return {seen, work};
}

async function simulated<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  promise.then(end, end);
  while (!settled) await vi.advanceTimersByTimeAsync(1_000);
  return promise;
}

test('a hundred pieces of work come to their end where there is room for a few, and few are refused', async () => {
  const holds = fc.asyncProperty(
    fc.integer({min: 1, max: 20}),
    fc.array(fc.integer({min: 1, max: 5_000}), {minLength: 100, maxLength: 100}),
    async (room, lengths) => {
      const {seen, work} = service(() => room);
      const signal = new AbortController().signal;
      const onLower = (concurrency: number) => void seen.lowered.push(concurrency);
      const limit = adaptiveLimit({most: () => 100, signal, onLower});
      const results = await simulated(Promise.all(lengths.map((length) => limit(work(length)))));
      expect(results).toEqual(lengths);
      expect(seen.peak).toBeLessThanOrEqual(room);
      expect(seen.lowered.length).toBeGreaterThan(0);
      // Once too many for each at the start, and then a careful try now and then.
      expect(seen.refused).toBeLessThan(400);
    },
  );
  await fc.assert(holds, {numRuns: 50});
});

test('room that comes back is used', async () => {
  let room = 2;
  const {seen, work} = service(() => room);
  const limit = adaptiveLimit({most: () => 50, signal: new AbortController().signal});
  const all = Promise.all(Array.from({length: 400}, () => limit(work(2_000))));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(seen.peak).toBe(2);
  room = 50;
  await simulated(all);
  expect(seen.peak).toBeGreaterThan(20);
});

test('where there is never any room, it ends after a quarter of an hour, without a storm', async () => {
  const {seen, work} = service(() => 0);
  const limit = adaptiveLimit({most: () => 100, signal: new AbortController().signal});
  const began = performance.now();
  const all = Promise.allSettled(Array.from({length: 100}, () => limit(work(1))));
  const outcomes = await simulated(all);
  for (const outcome of outcomes) expect(outcome).toMatchObject({reason: {name: 'InvokeThrottled'}});
  expect(performance.now() - began).toBeGreaterThan(15 * 60_000);
  expect(seen.refused).toBeLessThan(1_000);
});

test('what fails otherwise is not tried again, and an abort ends the waiting', async () => {
  const stop = new AbortController();
  const limit = adaptiveLimit({most: () => 2, signal: stop.signal});
  const crash = new RenderError('WorkerCrashed', 'dead');
  await expect(limit(() => Promise.reject(crash))).rejects.toBe(crash);
  const {work} = service(() => 0);
  const waiting = limit(work(1)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5_000);
  stop.abort(crash);
  expect(await waiting).toBe(crash);
});
