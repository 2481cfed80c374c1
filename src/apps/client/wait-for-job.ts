import {cancelledMessage, fromPayload} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {refuseNaN} from './check-options.ts';
import type {StartedJob, WaitOptions} from './client.ts';
import {JobLost, RenderFailed, toRenderFailed} from './errors.ts';
import {progressReport} from './progress-report.ts';
import type {RenderProgress, RenderRequest, RenderResult, RenderStatus} from './types.ts';

/** Milliseconds between two questions: the first, what it grows by, the longest. */
const [FIRST, GROWTH, LONGEST] = [1_000, 1.3, 5_000];
/** Milliseconds for which questions may fail in a row: a job may well take all the room there is in its account. */
const UNANSWERED = 600_000;
/** Default times in milliseconds. See `WaitOptions`. */
const [SILENCE, PATIENCE] = [30_000, 300_000];

/**
 * The `after` of a job that the caller has not sent just now. Every state counts, also a last event that was
 * refused before it had a run, which is run 0.
 */
export const ANY_RUN = -1;

/** How to ask for a job. Rejects with a `RenderFailed`, whose `retryable` says whether to ask again. */
export type Ask = (
  job: Pick<StartedJob, 'jobId' | 'invocation'> & {request?: Omit<RenderRequest, 'jobId' | 'jobType'>},
  options: {signal: AbortSignal | undefined},
) => Promise<RenderStatus>;

/**
 * Asks about a job again and again until it has ended. It uses its own clock alone: a number that does not
 * grow shows a dead orchestrator. `where` names the folder or the bucket that answers, for messages; it is left out
 * where a function answers.
 */
export async function waitForJob(
  {jobId, after, invocation}: StartedJob,
  {ask, where, ...options}: WaitOptions & {ask: Ask; where?: string | undefined},
): Promise<RenderResult> {
  const {signal, silence = SILENCE, patience = PATIENCE} = options;
  refuseNaN({silence, patience});
  const report = progressReport(options.onProgress);
  let answered = performance.now();
  let [sign, since] = ['', answered];
  let missed = false;
  for (let wait = FIRST; ; wait = Math.min(wait * GROWTH, LONGEST)) {
    const status = await ask({jobId, invocation}, {signal}).catch((error: unknown) => {
      signal?.throwIfAborted();
      const isPassing = error instanceof RenderFailed && error.retryable;
      if (!isPassing || performance.now() - answered > UNANSWERED) throw error;
      missed ||= error.errorType === 'StorageUnavailable';
      return undefined;
    });
    if (status) {
      const before = answered;
      answered = performance.now();
      // While the storage was out of reach, the job could not send a heartbeat there either.
      if (missed) since += answered - before;
      missed = false;
      // A state from before the event was sent says nothing about its result.
      const begun = status.run > after && status.state !== 'unknown';
      const refused = invocation !== undefined && status.run === 0 && status.state === 'failed';
      const result = (begun || refused) && outcomeOf(status);
      if (result) {
        report({
          bytes: 0,
          errors: [],
          // The last reported state may be older than the film.
          ...status.progress,
          cells: (status.progress?.cells ?? []).map(drawn),
          phase: 'done',
          frames: result.frames,
          framesDrawn: result.frames,
          chunks: result.workers,
          chunksDone: result.workers,
          elapsedSeconds: result.seconds.total,
          secondsLeft: 0,
          ...(result.cost && {cost: result.cost.total}),
        });
        return result;
      }
      if (begun && status.progress) report(status.progress);
      const rendered = begun && status.state !== 'waiting';
      const now = rendered ? `${status.run} ${status.beat}` : `not begun after ${begun ? status.run : after}`;
      if (now !== sign) [sign, since] = [now, answered];
      if (answered - since > (rendered ? silence : patience))
        throw new JobLost(jobId, {begun: rendered, seconds: Math.round((answered - since) / 1000), where});
    }
    await pause(wait, signal);
  }
}

/** A chunk of a film that is there. */
const drawn = (cell: RenderProgress['cells'][number]): RenderProgress['cells'][number] => ({
  ...cell,
  state: cell.state === 'reused' ? 'reused' : 'done',
  framesDrawn: cell.frames,
});

/** The film of an ended job; undefined if it has not ended. */
function outcomeOf({jobId, state, result, error}: RenderStatus): RenderResult | undefined {
  if (state === 'cancelled') {
    throw new RenderFailed({
      jobId,
      errorType: 'Cancelled',
      retryable: false,
      message: cancelledMessage(jobId),
    });
  }
  if (error) throw toRenderFailed(fromPayload(error), jobId);
  return result;
}
