import type {PartialRender, PartialResult} from '../event.ts';

/** What accompanies one chunk on its way. */
export interface RunOptions {
  /** Stops the chunk, where the engine can; `run` then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Told how many frames of the chunk are drawn, where the engine can see that; never runs backwards. */
  onFrames?: (drawn: number) => void;
}

/**
 * Where chunks run. An engine makes one try at one chunk; trying again is `dispatch.ts`'s.
 */
export interface Engine {
  /** What people call it: `lambda`, `local`. */
  readonly name: string;
  /** Whether a second try beside a first one has a machine of its own, so that it may be faster. */
  readonly elsewhere: boolean;
  /** How many chunks it can run at the same time. */
  readonly concurrency: number;
  /**
   * Runs one chunk to its end somewhere.
   * Rejects with the worker's own typed error, or `InvokeRefused`, `InvokeThrottled`, `InvokeLost`,
   * `WorkerCrashed`, `TimedOut`, or the signal's reason.
   */
  run(event: PartialRender, options: RunOptions): Promise<PartialResult>;
  /**
   * Runs one chunk in this very process, which is only to wait otherwise: where there is no room at all elsewhere, so
   * that jobs which together take all the room there is do not wait for each other for ever. Left out where that cannot be.
   */
  readonly runHere?: ((event: PartialRender, options: RunOptions) => Promise<PartialResult>) | undefined;
  /** Lets go of processes and sockets; waits until they are gone. */
  close(): Promise<void>;
}
