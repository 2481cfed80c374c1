import {RenderError} from './errors.ts';

/**
 * A signal that fires after a time with one of our errors, so that the work it ends fails with a known name.
 */
export function within(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const reason = () => new RenderError('TimedOut', `There was no answer within ${milliseconds / 1000} s.`);
  setTimeout(() => controller.abort(reason()), milliseconds).unref();
  return controller.signal;
}

/**
 * Waits for work, but at most this many milliseconds; the work may continue after that. Rejects as the work
 * does.
 */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const over = new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
  await Promise.race([work, over]);
}
