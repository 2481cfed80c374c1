import type {PartialRender} from '../model/event.ts';
import type {PartialResult} from '../model/result.ts';
import type {EngineUsage} from '../model/usage.ts';

/** The events of one chunk on its way. Every listener may be left out. */
export interface ChunkListeners {
  /** The work has begun: the chunk no longer waits in a line of the engine. Called at most once, before `progress`. */
  started?: (() => void) | undefined;
  /** Frames of the chunk rendered so far, where the engine can see them; never runs backwards. */
  progress?: ((frames: number) => void) | undefined;
  /**
   * Gets the usage that the provider charges for the chunk, where the engine can see it. It comes before the end of
   * `run`, or after it for a worker that was left behind.
   */
  used?: ((usage: EngineUsage) => void) | undefined;
}

/** How one chunk is stopped. */
export interface ChunkContext {
  /** Stops the chunk, where the engine can; `run` then rejects with the signal's reason. */
  signal: AbortSignal;
}

/** The properties of an engine that callers may rely on. */
export interface EngineTraits {
  /** Whether each attempt has a machine of its own, so that a second attempt beside a slow one may be faster. */
  readonly isolated: boolean;
  /** Whether an aborted `run` stops the work itself. Elsewhere the worker finds a stop record in storage. */
  readonly stops: boolean;
  /** How rendered frames are reported: by the `progress` listener, or by the worker through storage. */
  readonly progress: 'callback' | 'storage';
}

/** Where chunks run. An engine makes one attempt at one chunk; `dispatch.ts` retries. */
export interface Engine {
  /** `lambda`, `local`. */
  readonly name: string;
  readonly traits: EngineTraits;
  /** Chunks that can run at the same time now, at least 1. It may change while a job runs. */
  capacity(): number;
  /**
   * Runs one chunk to its end.
   *
   * Rejects with the worker's own typed error, or `InvokeRefused`, `InvokeThrottled`, `InvokeLost`, `WorkerCrashed`,
   * `TimedOut`, or the signal's reason.
   */
  run(order: PartialRender, on: ChunkListeners, context: ChunkContext): Promise<PartialResult>;
  /**
   * Runs one chunk inline, in the orchestrator's own process, when no capacity is left. This prevents a deadlock of jobs
   * that together hold all the capacity. Left out where it is impossible.
   */
  readonly runHere?: Engine['run'] | undefined;
  /**
   * Waits for the bills of chunks that were left behind, at most this many milliseconds. Left out where
   * nothing is billed.
   */
  settle?(milliseconds: number): Promise<void>;
  /** Ends processes and sockets, and waits until they are gone. */
  close(): Promise<void>;
}
