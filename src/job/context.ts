import type {FullRender} from '../model/event.ts';
import type {EngineUsage} from '../model/usage.ts';
import type {LocalProject} from './runs/records.ts';

/** The invocation that renders a job, and its limits. */
export interface JobContext {
  /** Stops the job. */
  signal: AbortSignal;
  /** How the job continues elsewhere; left out where it cannot. */
  handOver?: HandOver | undefined;
  /** Lambda's request ID, the same when Lambda delivers its event again. */
  invocation?: string | undefined;
  /** The usage of this invocation up to now; left out where nothing is billed. */
  own?: (() => EngineUsage) | undefined;
  /** Milliseconds until this invocation ends by force; left out where nothing ends it. */
  left?: (() => number) | undefined;
  /** The project, where it is one of this machine: kept with each job, for `resume`. */
  local?: LocalProject | undefined;
}

/** How a job continues in a fresh invocation, when its own must end before the job is done. */
export interface HandOver {
  /** Fires when it is time. */
  signal: AbortSignal;
  /** Sends the event to a fresh invocation, and does not wait for its end. */
  start: (event: FullRender) => Promise<void>;
}
