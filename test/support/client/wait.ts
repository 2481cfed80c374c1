import {afterEach, beforeEach, vi} from 'vitest';
import type {WaitOptions} from '../../../src/apps/client/client.ts';
import {RenderFailed} from '../../../src/apps/client/errors.ts';
import type {RenderProgress, RenderResult, RenderStatus} from '../../../src/apps/client/types.ts';
import {waitForJob} from '../../../src/apps/client/wait-for-job.ts';

// For the tests of each file that imports this: time passes only as `wait` lets it.
beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});
afterEach(() => {
  vi.useRealTimers();
});

/** The job that `wait` waits for. */
export const jobId = 'film';
/** The result of its film. */
export const result = {
  ...{jobId, state: 'finished', resultUrl: 'https://x', bucket: 'b', key: 'k'},
  ...{frames: 30, durationSeconds: 1, bytes: 5, workers: 3, seconds: {total: 31}},
} as RenderResult;
/** Its status once the film is there. */
export const finished: RenderStatus = {jobId, state: 'finished', run: 1, beat: 9, result};
/** Its status before a run has started. */
export const unknown: RenderStatus = {jobId, state: 'unknown', run: 0, beat: 0};
/** Progress before anything is known. */
export const NOTHING: RenderProgress = {
  ...{phase: 'planning', frames: 0, framesDrawn: 0, chunks: 0, chunksDone: 0},
  ...{cells: [], bytes: 0, elapsedSeconds: 0, errors: []},
};
/** Its status while a run renders it, by the number of heartbeats. */
export const running = (beat: number, progress?: Partial<RenderProgress>): RenderStatus => ({
  ...{jobId, state: 'running', run: 1, beat},
  ...(progress && {
    progress: {...NOTHING, phase: 'rendering', frames: 30, chunks: 3, ...progress},
  }),
});
/** A question that fails; by default one that may be asked again. */
export const hiccup = (errorType = 'InvokeThrottled', retryable = true) =>
  new RenderFailed({jobId, errorType, message: 'no room', retryable});

/** Waits while the job gives one answer after another, the last forever. Time passes as it is asked for. */
export async function wait(
  says: readonly (RenderStatus | Error | ((asked: number) => RenderStatus))[],
  options: WaitOptions & {after?: number} = {},
) {
  const began = performance.now();
  const asked: number[] = [];
  const ask = async () => {
    asked.push(performance.now() - began);
    const next = says[Math.min(asked.length, says.length) - 1];
    if (next instanceof Error) throw next;
    return typeof next === 'function' ? next(asked.length) : (next as RenderStatus);
  };
  const {after = 0, ...rest} = options;
  const outcome = waitForJob({jobId, after}, {...rest, ask}).then(
    (film) => ({film, error: undefined}),
    (error: unknown) => ({film: undefined, error}),
  );
  const end = outcome.then(() => true);
  while (!(await Promise.race([end, vi.advanceTimersToNextTimerAsync().then(() => false)])));
  return {...(await outcome), asked, seconds: (performance.now() - began) / 1000};
}
