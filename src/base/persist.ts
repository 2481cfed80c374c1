import pRetry from 'p-retry';
import {type RenderError, toRenderError} from './errors.ts';

/** How often, and until when, something is tried. */
export interface Persistence {
  /** Tries in all, at least 1; 3 unless told. */
  attempts?: number | undefined;
  /** Ends the waiting between two tries; the work has to listen by itself. */
  signal: AbortSignal;
  /** Told of a failure that another try follows. */
  onRetry?: (error: RenderError, attempt: number) => void;
}

/** Tries in all, unless somebody asks for another number. */
export const ATTEMPTS = 3;

/**
 * Does work again that failed for a reason which another try can help (`retryable`), after 0.5 to 1 s and then 1.5 to
 * 3 s and so on, up to 20 s: by chance, so that a hundred who failed at once do not come back at once.
 *
 * @param work is told which try it is, 1 for the first
 * Rejects with what the last try threw, or with the signal's reason.
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
