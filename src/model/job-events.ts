import type {ErrorPayload, RenderError} from '../base/errors.ts';
import type {Cost} from './bill.ts';
import type {FullRender} from './event.ts';
import type {Chunk} from './plan.ts';
import type {Progress} from './progress.ts';
import type {FullResult, PartialResult} from './result.ts';
import type {Timeline} from './timeline.ts';
import type {EngineUsage} from './usage.ts';

/** The events that a watcher of a job receives. */
export type JobEvent =
  | {state: 'planning'; jobId: string}
  /** Another run renders the job. */
  | {state: 'waiting'}
  /** The plan is made: the film, and its chunks in order. */
  | {state: 'rendering'; timeline: Timeline; chunks: readonly Chunk[]}
  | ChunkEvent
  /** The sound track is ready; it took this many seconds, beside the chunks. */
  | {state: 'sound'; seconds: number}
  | {state: 'merging'}
  | {state: 'publishing'}
  /** A problem that does not stop the render: one line. Each is sent once. */
  | {state: 'warned'; message: string}
  | {state: 'handing over'}
  /**
   * The job could not write its report, or the files that the report is made from. The film does not need
   * them.
   */
  | {state: 'unreported'; error: RenderError}
  /** The cost of this run alone, sent once at its end; if the run failed, after the failure. */
  | {state: 'spent'; cost: Cost}
  | {state: 'finished'; result: FullResult}
  /** Also for good: `Cancelled`. */
  | {state: 'failed'; error: RenderError};

/** Which try at which chunk. */
export interface ChunkTry {
  workerId: number;
  attempt: number;
  /** Whether it was begun beside another one that took too long. */
  double: boolean;
}

/** The events of a run's chunks. */
export type ChunkEvent =
  | ({state: 'started'} & ChunkTry)
  | {state: 'drawing'; workerId: number; frames: number}
  /** There is no room for it, and the orchestrator draws it by itself. */
  | ({state: 'here'} & ChunkTry)
  /** An attempt has answered, perhaps without success. */
  | ({state: 'tried'; result: PartialResult} & ChunkTry)
  /** `stopped` if the result is no longer needed. */
  | ({state: 'tried'; error: RenderError; stopped: boolean; result?: undefined} & ChunkTry)
  /** The usage of an attempt is known, perhaps long after its end. */
  | ({state: 'used'; usage: EngineUsage} & ChunkTry)
  | {state: 'retrying'; workerId: number; attempt: number; error: RenderError}
  | {state: 'doubled'; workerId: number}
  /** There is no room for it; it waits for its turn. */
  | {state: 'refused'; workerId: number}
  | {state: 'throttled'; concurrency: number}
  | ({state: 'done'; workerId: number; frames: number; reused: boolean} & Described);

/** Further facts about a chunk that exists. */
export interface Described {
  bytes?: number | undefined;
  /** The usage of the worker that rendered it, if no process was left to receive it. */
  used?: EngineUsage | undefined;
}

/** The result of a job, as its listeners receive it. */
export type Ending =
  | {type: 'success'; result: FullResult}
  | {type: 'failure' | 'cancelled' | 'timeout'; error: Pick<ErrorPayload, 'errorType' | 'errorMessage'>};

/** A job that has ended. */
export interface EndedJob {
  jobId: string;
  /** The run that came to it. */
  run: number;
  ending: Ending;
  /** The request that has found it ended; left out for a question about its state. */
  request?: FullRender | undefined;
}

/** A run of a job that is followed. */
export interface WatchedJob {
  jobId: string;
  /** 1 for the first run of the job. */
  run: number;
  request: FullRender;
}

/** Begins to follow a run. */
export type WatchJob = (job: WatchedJob) => JobWatcher;

/** Follows one run of a job. A failure here must not make the job fail. */
export interface JobWatcher {
  onEvent(event: JobEvent, progress: Progress): void;
  /** Waits, within a limit, until everything is sent. */
  close(): Promise<void>;
}

/** Notifies the listeners of a job, also if its orchestrator has died. */
export interface Messenger {
  /** Rejects with `BadEvent` for a request that names a forbidden receiver. */
  check(request: FullRender): Promise<void>;
  /**
   * Sends the notice of an end that was not yet sent, as far as that can be known. Rejects never, and takes
   * seconds at most.
   */
  catchUp(job: EndedJob): Promise<void>;
}
