import type {Invocation} from '../model/bill.ts';
import type {PartialRender} from '../model/event.ts';
import type {PartialResult} from '../model/result.ts';

/** What accompanies one chunk on its way. */
export interface RunOptions {
  /** Stops the chunk, where the engine can; `run` then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Told how many frames of the chunk are drawn, where the engine can see that; never runs backwards. */
  onFrames?: (drawn: number) => void;
  /**
   * Told what the chunk's invocation is billed for, where the engine can see that: before the end of `run`, or after it
   * for one that nobody waits for any more.
   */
  onBilled?: (invocation: Invocation) => void;
}

/**
 * Where chunks run. An engine makes one try at one chunk; trying again is `dispatch.ts`'s.
 */
export interface Engine {
  /** What people call it: `lambda`, `local`. */
  readonly name: string;
  /** Whether a second try beside a first one has a machine of its own, so that it may be faster. */
  readonly elsewhere: boolean;
  /** Whether workers have to put into storage how many frames they have drawn, since there is no other way to tell. */
  readonly tellsByStorage?: boolean;
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
  /**
   * Waits until it is known what is billed for chunks that nobody waits for any more, but only so many milliseconds.
   * Left out where nothing is billed.
   */
  settle?(milliseconds: number): Promise<void>;
  /** Lets go of processes and sockets; waits until they are gone. */
  close(): Promise<void>;
}
