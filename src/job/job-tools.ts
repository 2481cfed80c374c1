import type {CostOf} from '../cost/billing.ts';
import type {Engine} from '../engines/engine.ts';
import type {Invocation} from '../model/bill.ts';
import type {FullRender} from '../model/event.ts';
import type {JobEvent, Messenger, WatchJob} from '../model/job-events.ts';
import type {Renderer} from '../renderers/renderer.ts';
import type {Storages} from './film-place.ts';
import type {WriteReport} from './job-report.ts';
import type {LocalProject} from './runs/records.ts';

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
  /** Writes the job's report at its end; left out where there is none. */
  writeReport?: WriteReport | undefined;
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

/** How a job goes on in a fresh invocation, when the one it runs in has to end before it is done. */
export interface HandOver {
  /** Fires when it is time. */
  signal: AbortSignal;
  /** Sends the event to a fresh invocation, and does not wait for its end. */
  start: (event: FullRender) => Promise<void>;
}
