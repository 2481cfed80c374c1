import type {ErrorPayload, RenderError} from '../base/errors.ts';
import type {Cost, Invocation} from './bill.ts';
import type {FullRender} from './event.ts';
import type {Chunk} from './plan.ts';
import type {Progress} from './progress.ts';
import type {FullResult, PartialResult} from './result.ts';
import type {Timeline} from './timeline.ts';

/** What a watcher of a job is told. */
export type JobEvent =
  | {state: 'planning'; jobId: string}
  /** Somebody else renders the job. */
  | {state: 'waiting'}
  /** The plan is made: the film, and its chunks in order. */
  | {state: 'rendering'; timeline: Timeline; chunks: readonly Chunk[]}
  | ChunkEvent
  /** The sound track is made; it was, beside the chunks, so many seconds. */
  | {state: 'sound'; seconds: number}
  | {state: 'merging'}
  | {state: 'publishing'}
  /** A problem that does not stop the render: one line. Each is told once. */
  | {state: 'warned'; message: string}
  | {state: 'handing over'}
  /** What the job would be no worse without could not be written: its report, or what that is made from. */
  | {state: 'unreported'; error: RenderError}
  /** What this run alone has cost, told once at its end; of a run that failed after that. */
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

/** What becomes of the chunks. */
export type ChunkEvent =
  | ({state: 'started'} & ChunkTry)
  | {state: 'drawing'; workerId: number; frames: number}
  /** There is no room for it, and the orchestrator draws it by itself. */
  | ({state: 'here'} & ChunkTry)
  /** A try has come to its end, if not to a good one. */
  | ({state: 'tried'; result: PartialResult} & ChunkTry)
  /** `stopped` if nobody waits for it any more. */
  | ({state: 'tried'; error: RenderError; stopped: boolean; result?: undefined} & ChunkTry)
  /** What a try is billed for is known, maybe long after its end. */
  | ({state: 'billed'; invocation: Invocation} & ChunkTry)
  | {state: 'retrying'; workerId: number; attempt: number; error: RenderError}
  | {state: 'doubled'; workerId: number}
  /** There is no room for it; it waits for its turn. */
  | {state: 'refused'; workerId: number}
  | {state: 'throttled'; concurrency: number}
  | ({state: 'done'; workerId: number; frames: number; reused: boolean} & Described);

/** What more is known of a chunk that is there. */
export interface Described {
  bytes?: number | undefined;
  /** That it was drawn in, where nobody was there to hear what it is billed for. */
  invocation?: Invocation | undefined;
}

/** What became of a job, as others are told of it. */
export type Ending =
  | {type: 'success'; result: FullResult}
  | {type: 'failure' | 'cancelled' | 'timeout'; error: Pick<ErrorPayload, 'errorType' | 'errorMessage'>};

/** A job that has come to its end. */
export interface EndedJob {
  jobId: string;
  /** The run that came to it. */
  run: number;
  ending: Ending;
  /** The request that has found it so; left out for whoever only asks. */
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

/** Follows one run of a job. What goes wrong here is no reason for the job to fail. */
export interface JobWatcher {
  onEvent(event: JobEvent, progress: Progress): void;
  /** Waits, but not for ever, until all is told. */
  close(): Promise<void>;
}

/** Sees to it that who is to be told of a job can be, and is, also if its orchestrator has died. */
export interface Messenger {
  /** Rejects with `BadEvent` for a request that names somebody who may not be told. */
  check(request: FullRender): Promise<void>;
  /** Tells of an end that nobody has told of, as far as that can be known. Rejects never, and takes seconds at most. */
  catchUp(job: EndedJob): Promise<void>;
}
