import pRetry from 'p-retry';
import {type RenderError, toRenderError} from './errors.ts';

/** How often, and until when, something is tried. */
export interface Persistence {
  /** Attempts in all, at least 1; 3 by default. */
  attempts?: number | undefined;
  /** Ends the waiting between two tries; the work has to listen by itself. */
  signal: AbortSignal;
  /** Called for each failure that another attempt follows. */
  onRetry?: (error: RenderError, attempt: number) => void;
}

/** The default number of attempts. */
export const ATTEMPTS = 3;

/**
 * Retries work that failed with a `retryable` error. It waits 0.5 to 1 s, then 1.5 to 3 s and so on, up to
 * 20 s. The waits are random, so that a hundred callers that failed together do not return together. Rejects
 * with the last attempt's error, or with the signal's reason.
 *
 * @param work gets the number of the attempt, 1 for the first
 */
export function persist<T>(
  work: (attempt: number) => Promise<T>,
  {attempts = ATTEMPTS, signal, onRetry}: Persistence,
): Promise<T> {
  const tried = async (attempt: number) => {
    try {
      return await work(attempt);
    } catch (thrown) {
      throw toRenderError(thrown);
    }
  };
  return pRetry(tried, {
    retries: attempts - 1,
    minTimeout: 500,
    factor: 3,
    maxTimeout: 20_000,
    randomize: true,
    signal,
    shouldRetry: ({error}) => toRenderError(error).retryable,
    onFailedAttempt: ({error, attemptNumber, retriesLeft}) => {
      const failed = toRenderError(error);
      if (failed.retryable && retriesLeft > 0) onRetry?.(failed, attemptNumber);
    },
  });
}
