import type {ErrorPayload, RenderError} from '../base/errors.ts';
import type {CostOf} from '../cost/billing.ts';
import type {Engine} from '../engines/engine.ts';
import type {ChunkEvent} from '../job/dispatch/dispatch.ts';
import type {Storages} from '../job/film-place.ts';
import type {LocalProject} from '../job/runs/records.ts';
import type {Renderer, Timeline} from '../renderers/renderer.ts';
import type {Cost, Invocation} from './bill.ts';
import type {FullRender} from './event.ts';
import type {Progress} from './progress.ts';
import type {FullResult} from './result.ts';

/** What a job needs, and who hears of it. */
export interface JobTools extends Storages {
  renderer: Renderer;
  engine: Engine;
  /** Chunks that run at the same time; the engine's own number if left out. */
  concurrency?: number | undefined;
  /** Tries at the plan, at the sound and at each chunk, at least 1; 3 if left out. */
  attempts?: number | undefined;
  /** Whether a chunk that takes far longer than the others is begun a second time; if left out, where the engine says that helps. */
  doubling?: boolean | undefined;
  onEvent?: ((event: JobEvent) => void) | undefined;
  /** What is rendered, where that is a project of this machine: kept with each job, for whoever resumes it. */
  local?: LocalProject | undefined;
  /** Prices what a job uses; left out where nothing is billed. */
  costOf?: CostOf | undefined;
  /** Milliseconds that an outage of S3 is waited for; 60,000 if left out. */
  patience?: number | undefined;
  /** US dollars that a job may cost whose event does not say so; `DEFAULT_MAX_COST` if left out. Nothing without `costOf`. */
  maxCost?: number | undefined;
  /** Who else follows each run of a job, and has to be waited for at its end. */
  watchers?: readonly WatchJob[] | undefined;
  messenger?: Messenger | undefined;
}

/** Sees to it that who is to be told of a job can be, and is, also if its orchestrator has died. */
export interface Messenger {
  /** Rejects with `BadEvent` for a request that names somebody who may not be told. */
  check(request: FullRender): Promise<void>;
  /** Tells of an end that nobody has told of, as far as that can be known. Rejects never, and takes seconds at most. */
  catchUp(job: EndedJob): Promise<void>;
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

/** What ends a job before it is done. */
export interface JobOptions {
  signal: AbortSignal;
  /** How it goes on elsewhere then; left out where it cannot. */
  handOver?: HandOver | undefined;
  /** Lambda's name of the invocation, the same when Lambda delivers its event again. */
  invocation?: string | undefined;
  /** What this invocation is billed for up to now; left out where it is none. */
  own?: (() => Invocation) | undefined;
  /** Milliseconds in which this invocation has to have come to its end; left out where it may take its time. */
  left?: (() => number) | undefined;
}

/** What a watcher of a job is told. */
export type JobEvent =
  | {state: 'planning'; jobId: string}
  /** Somebody else renders the job. */
  | {state: 'waiting'}
  | {state: 'rendering'; timeline: Timeline; workers: number}
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

/** How a job goes on in a fresh invocation, when the one it runs in has to end before it is done. */
export interface HandOver {
  /** Fires when it is time. */
  signal: AbortSignal;
  /** Sends the event to a fresh invocation, and does not wait for its end. */
  start: (event: FullRender) => Promise<void>;
}
