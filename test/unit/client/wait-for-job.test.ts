import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {JobLost, RenderFailed} from '../../../src/apps/client/errors.ts';
import type {RenderProgress, RenderStatus} from '../../../src/apps/client/types.ts';
import {finished, hiccup, jobId, NOTHING, result, running, unknown, wait} from '../../support/client/wait.ts';

const failed = (run = 1): RenderStatus => ({
  ...{jobId, state: 'failed', run, beat: 3},
  error: {errorType: 'SceneFailed', errorMessage: 'the paint ran out'},
});

describe('waiting', () => {
  it.each([{silence: Number.NaN}, {patience: Number.NaN}, {patience: '5' as unknown as number}])(
    'is refused for a time that would never be over: %j',
    async (options) => {
      const {error, asked} = await wait([running(1)], options);
      expect(error).toBeInstanceOf(TypeError);
      expect(asked).toEqual([]);
    },
  );

  it('ends with the film, and asks ever less often, at most every second and at least every five', async () => {
    const says = Array.from({length: 20}, (_, index) => running(index));
    const {film, asked} = await wait([unknown, ...says, finished]);
    expect(film).toEqual(result);
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps[0]).toBe(1_000);
    expect(gaps.at(-1)).toBe(5_000);
  });

  it('tells of the film with the chunks that it was drawn in, as they are now', async () => {
    const told: RenderProgress[] = [];
    const cell = {frames: 15, attempts: 2};
    const errors = [{errorType: 'BrowserCrashed', errorMessage: 'gone'}];
    const progress: RenderProgress = {
      ...{...NOTHING, phase: 'done', bytes: 99, errors},
      cells: [
        {...cell, state: 'reused', framesDrawn: 15},
        {...cell, state: 'drawing', framesDrawn: 4},
      ],
    };
    const onProgress = (one: RenderProgress) => void told.push(one);
    await wait([running(1), {...finished, progress}], {onProgress});
    expect(told.at(-1)).toMatchObject({
      ...{phase: 'done', framesDrawn: 30, bytes: 99, errors},
      cells: [
        {state: 'reused', framesDrawn: 15},
        {state: 'done', framesDrawn: 15, attempts: 2},
      ],
    });
  });

  it('ends with what the job failed of, as a typed error', async () => {
    const {error} = await wait([running(1), failed()]);
    expect(error).toBeInstanceOf(RenderFailed);
    expect(error).not.toBeInstanceOf(JobLost);
    const expected = {jobId, errorType: 'SceneFailed', message: 'the paint ran out', retryable: false};
    expect(error).toMatchObject(expected);
  });

  it('takes no failure for news that was there before the event was sent', async () => {
    const {film} = await wait([failed(2), failed(2), {...running(1), run: 3}, {...finished, run: 3}], {
      after: 2,
    });
    expect(film).toEqual(result);
    expect((await wait([failed(2), failed(3)], {after: 2})).error).toMatchObject({errorType: 'SceneFailed'});
  });

  it('ends when the job is cancelled', async () => {
    const {error} = await wait([running(1), {jobId, state: 'cancelled', run: 1, beat: 2}]);
    expect(error).toMatchObject({name: 'RenderFailed', errorType: 'Cancelled', retryable: false});
  });

  it('ends when whoever renders it gives no sign of life, and says what to do', async () => {
    const {error, seconds} = await wait([running(1), running(2)]);
    expect(error).toBeInstanceOf(JobLost);
    expect(error).toMatchObject({errorType: 'JobLost', retryable: true});
    expect((error as Error).message).toMatch(/Send the same event again/);
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThan(45);
    expect((await wait([running(1)], {silence: 12_000})).seconds).toBeLessThan(20);
  });

  it('does not end while there are signs of life, however long it takes', async () => {
    const {film, seconds} = await wait([...Array.from({length: 300}, (_, n) => running(n)), finished]);
    expect(film).toEqual(result);
    expect(seconds).toBeGreaterThan(1_000);
  });

  it('ends when nobody begins the job', async () => {
    const {error, seconds} = await wait([unknown]);
    expect(error).toMatchObject({name: 'JobLost', errorType: 'JobUnknown', retryable: true});
    expect(seconds).toBeGreaterThan(300);
    expect((await wait([unknown], {patience: 10_000})).seconds).toBeLessThan(20);
  });

  it('gives a job that was handed over the time that Lambda takes to begin it again', async () => {
    const waiting: RenderStatus = {jobId, state: 'waiting', run: 1, beat: 7};
    const turns = Array.from({length: 40}, () => waiting);
    const {film, seconds} = await wait([
      running(7),
      ...turns,
      {...running(1), run: 2},
      {...finished, run: 2},
    ]);
    expect(film).toEqual(result);
    expect(seconds).toBeGreaterThan(100);
    const {error} = await wait([running(7), waiting]);
    expect(error).toMatchObject({errorType: 'JobUnknown', retryable: true});
  });

  it('goes on through a throttled account, lost answers and a storage that is away', async () => {
    const many = Array.from({length: 60}, () => hiccup());
    const {film} = await wait([
      ...[running(1), ...many, running(2), hiccup('InvokeLost'), hiccup('StorageUnavailable'), finished],
    ]);
    expect(film).toEqual(result);
  });

  it('takes no silence of its own for the job being dead', async () => {
    const many = Array.from({length: 20}, () => hiccup());
    expect((await wait([running(1), ...many, running(40), running(41), finished])).film).toEqual(result);
  });

  it('takes no storage that is away for the job being dead: the job cannot write there either', async () => {
    const away = Array.from({length: 20}, () => hiccup('StorageUnavailable'));
    expect((await wait([running(1), ...away, running(1), running(2), finished])).film).toEqual(result);
  });

  it('ends when nothing is heard for ten minutes, with what went wrong last', async () => {
    const {error, seconds} = await wait([running(1), hiccup()]);
    expect(error).toMatchObject({errorType: 'InvokeThrottled'});
    expect(seconds).toBeGreaterThan(600);
  });

  it('ends at once with what no other try can help', async () => {
    const {error, asked} = await wait([hiccup('InvokeRefused', false)]);
    expect(error).toMatchObject({errorType: 'InvokeRefused'});
    expect(asked).toHaveLength(1);
  });

  it("ends with the caller's reason", async () => {
    const caller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => caller.abort(reason), 20_000);
    const {error, seconds} = await wait([(asked) => running(asked)], {signal: caller.signal});
    expect(error).toBe(reason);
    expect(seconds).toBe(20);
  });
});

describe('progress', () => {
  it('is told when it changes, and once more when the film is there', async () => {
    const told: RenderProgress[] = [];
    const onProgress = (progress: RenderProgress) => void told.push(progress);
    const one = {framesDrawn: 10, chunksDone: 1};
    await wait([unknown, running(1), running(2, {}), running(3, one), running(4, one), finished], {
      onProgress,
    });
    expect(told).toEqual([
      {...NOTHING, phase: 'rendering', frames: 30, chunks: 3},
      {...NOTHING, phase: 'rendering', frames: 30, framesDrawn: 10, chunks: 3, chunksDone: 1},
      {
        ...{...NOTHING, phase: 'done', frames: 30, framesDrawn: 30, chunks: 3, chunksDone: 3},
        ...{elapsedSeconds: 31, secondsLeft: 0},
      },
    ]);
  });

  it('never runs backwards and never repeats itself, whatever is heard', async () => {
    const number = fc.nat({max: 30});
    const heard = fc.record({
      phase: fc.constantFrom('planning' as const, 'rendering' as const, 'merging' as const),
      ...{frames: number, framesDrawn: number, chunks: number, chunksDone: number},
      ...{bytes: number, elapsedSeconds: number, cost: number},
      ...{cells: fc.constant<RenderProgress['cells']>([]), errors: fc.constant<RenderProgress['errors']>([])},
    });
    const says = fc.oneof(
      {weight: 5, arbitrary: fc.record({run: fc.integer({min: 1, max: 3}), progress: heard})},
      fc.constant(hiccup()),
      fc.constant(unknown),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(says, {maxLength: 30}), async (said) => {
        const told: RenderProgress[] = [];
        const statuses = said.map((one, beat) =>
          one instanceof Error || 'state' in one ? one : {...running(beat), ...one},
        );
        await wait([...statuses, finished], {onProgress: (progress) => void told.push(progress)});
        for (const [index, now] of told.slice(1).entries()) {
          const before = told[index] as RenderProgress;
          expect(now).not.toEqual(before);
          for (const name of ['frames', 'framesDrawn', 'chunks', 'chunksDone', 'elapsedSeconds'] as const)
            expect(now[name]).toBeGreaterThanOrEqual(before[name]);
          expect(now.cost ?? 0).toBeGreaterThanOrEqual(before.cost ?? 0);
        }
        expect(told.at(-1)).toMatchObject({phase: 'done'});
      }),
    );
  });
});
