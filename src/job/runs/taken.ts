import type {RenderError} from '../../base/errors.ts';
import type {Progress} from '../../model/progress.ts';
import type {FullResult} from '../../model/result.ts';
import type {Claim} from './records.ts';

/** A film's result as it is kept, without its presigned address. */
export type KeptResult = Omit<FullResult, 'resultUrl'>;

/** A run that this invocation has claimed. */
export interface ClaimedRun {
  /** 1 for the first run of the job. */
  number: number;
  claim: Claim;
  /** How far the job was before this run; undefined for a job that begins. */
  before: Progress | undefined;
  /** Indices of chunks that workers of the run before still render. */
  inFlight: readonly number[];
  /** Why the run must fail at once: a job that never ends. */
  endless: RenderError | undefined;
}

/** Which invocation gets a job: this one, none since the film is there, or another one that takes too long to wait for. */
export type Taken =
  | ({state: 'ours'} & ClaimedRun)
  | {state: 'finished'; result: KeptResult; number: number}
  | {state: 'elsewhere'};
