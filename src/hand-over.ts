import type {FullRender} from './event.ts';

/** How a job goes on in a fresh invocation, when the one it runs in has to end before it is done. */
export interface HandOver {
  /** Fires when it is time. */
  signal: AbortSignal;
  /** Sends the event to a fresh invocation, and does not wait for its end. */
  start: (event: FullRender) => Promise<void>;
}
