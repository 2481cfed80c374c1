import {RenderError} from './errors.ts';

/** A signal that fires after a time, with an error of ours, so that whatever it ends fails with a name. */
export function within(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const reason = () => new RenderError('TimedOut', `There was no answer within ${milliseconds / 1000} s.`);
  setTimeout(() => controller.abort(reason()), milliseconds).unref();
  return controller.signal;
}

/** Waits for work, but only so many milliseconds; it may go on then. Rejects as the work does. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const over = new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
  await Promise.race([work, over]);
}
