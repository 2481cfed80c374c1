import pLimit from 'p-limit';
import {toRenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {NO_ROOM_TIMEOUT} from '../timing.ts';

/** How many tasks may run at the same time, and how throttling changes that. */
export interface AdaptiveLimitOptions {
  /** The most at the same time, at least 1; asked again and again, since it may change. */
  most: () => number;
  signal: AbortSignal;
  /** Called with the new number of tasks each time that it falls. */
  onLower?: (concurrency: number) => void;
}

/**
 * Runs work when there is room for it. A throttled task is run again, until it succeeds or fails otherwise.
 * `isAlone` says whether nothing else of ours runs.
 */
export type AdaptiveLimit = <T>(work: (isAlone: () => boolean) => Promise<T>) => Promise<T>;

/** Milliseconds to wait after the first refusal in a row, and at most. */
const [FIRST_WAIT, LONGEST_WAIT] = [500, 10_000];
/** Milliseconds after a refusal in which nothing more than runs is tried. */
const CALM = 5_000;

/**
 * Takes `InvokeThrottled` as back-pressure: the number that are running is the limit. After some quiet time,
 * each task that succeeds raises the limit by one.
 *
 * A task rejects with `InvokeThrottled` only if no task could run for a quarter of an hour.
 */
export function adaptiveLimit({most, signal, onLower}: AdaptiveLimitOptions): AdaptiveLimit {
  const limit = pLimit(most());
  let [refusals, lastRefusal, lastRoom] = [0, -Infinity, performance.now()];

  const lower = (): void => {
    refusals++;
    lastRefusal = performance.now();
    const others = limit.activeCount - 1;
    if (others > 0) lastRoom = lastRefusal;
    const concurrency = Math.max(1, Math.min(limit.concurrency, others));
    if (concurrency === limit.concurrency) return;
    limit.concurrency = concurrency;
    onLower?.(concurrency);
  };
  const raise = (): void => {
    refusals = 0;
    lastRoom = performance.now();
    const isCalm = lastRoom - lastRefusal > CALM;
    const room = Math.min(Math.max(1, most()), limit.concurrency + (isCalm ? 1 : 0));
    if (room !== limit.concurrency) limit.concurrency = room;
  };
  /** By chance, so that all who were refused do not come back at once. */
  const wait = () => {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(refusals, 10));
    return pause(longest * (0.5 + Math.random() / 2), signal);
  };

  const isAlone = () => limit.activeCount <= 1;
  const inPlace = async <T>(work: (isAlone: () => boolean) => Promise<T>): Promise<{done: T} | 'refused'> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        const done = await work(isAlone);
        raise();
        return {done};
      } catch (thrown) {
        const error = toRenderError(thrown);
        if (error.name !== 'InvokeThrottled') throw thrown;
        lower();
        // Its place is gone.
        if (!isAlone()) return 'refused';
        // The last place is kept, or all who wait would be refused one after the other.
        if (performance.now() - lastRoom > NO_ROOM_TIMEOUT) throw error;
        await wait();
      }
    }
  };

  return async (work) => {
    for (;;) {
      const outcome = await limit(() => inPlace(work));
      if (outcome !== 'refused') return outcome.done;
      await wait();
    }
  };
}
