import {RenderError} from '../../base/errors.ts';
import {EXIT} from './exit.ts';

/** Ends a command before its time. */
export interface Interrupt {
  /** Fires with `Aborted` at the first signal, or when the command asks for it. */
  readonly signal: AbortSignal;
  /** Ends what runs, as a signal does. A second time leaves at once. */
  stop(message?: string): void;
}

/** Ends the command at SIGINT or SIGTERM, and leaves at once at the second one. */
export function listenForSignals(): Interrupt {
  const controller = new AbortController();
  const stop = (message = 'Stopped before the end.') => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new RenderError('Aborted', message));
  };
  // These listeners stay: execa ends the program when it believes that there is no other listener.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop());
  return {signal: controller.signal, stop};
}
