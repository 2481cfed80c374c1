import type {FullResult, StatusJob} from './event.ts';
import {persist} from './persist.ts';
import type {Progress} from './runs/progress.ts';
import {type JobPlace, lastRun, type RunState, readRecord, toBeat} from './runs/records.ts';
import type {Storage} from './storage/storage.ts';

/** How far a job is, or what became of it. */
export interface JobStatus {
  jobId: string;
  /**
   * `unknown`: nobody has begun it, or its film was deleted since. `running`: somebody renders it, or was to go on with
   * it. `cancelled`: for good.
   */
  state: 'unknown' | 'running' | 'finished' | 'failed' | 'cancelled';
  /** Which run of the job this is about, 1 for the first; 0 for none. Another one follows a hand-over, a death, a failure. */
  run: number;
  /** The run's sign of life, a number that grows every 2 s; one that does not for 12 s is of a dead run. */
  beat: number;
  /** Of a run that is under way; left out until it says something. See `trackProgress` for what holds. */
  progress?: Progress;
  /** Of a finished job, with an address that is good for an hour. */
  result?: FullResult;
  /** Of a failed job. */
  error?: {errorType: string; errorMessage: string};
}

/**
 * Says how far a job is, at half a dozen small requests to the storage. It only reads: a run that seems dead is left to
 * whoever sends the job again.
 *
 * Rejects with `StorageGarbled` where a record makes no sense, or with what the storage rejects with.
 */
export async function jobStatus(
  {jobId}: StatusJob,
  {storage}: {storage: Storage},
  signal: AbortSignal,
): Promise<JobStatus> {
  const place: JobPlace = {storage, jobId, signal};
  const last = await lastRun(place);
  if (!last) return {jobId, state: 'unknown', run: 0, beat: 0};
  const beat = toBeat(await readRecord(place, {number: last.number, record: 'beat'}));
  return {jobId, run: last.number, beat: beat?.count ?? 0, ...(await stateOf(last, place, beat?.progress))};
}

async function stateOf(
  {outcome}: RunState,
  {storage, signal}: JobPlace,
  progress: Progress | undefined,
): Promise<Pick<JobStatus, 'state' | 'progress' | 'result' | 'error'>> {
  switch (outcome?.state) {
    case 'finished': {
      const {jobId, state, ...rest} = outcome.result;
      if (!(await persist(() => storage.head(rest.key), {signal}))) return {state: 'unknown'};
      return {state, result: {jobId, state, resultUrl: await storage.url(rest.key), ...rest}};
    }
    case 'failed': {
      const {errorType, errorMessage} = outcome.error;
      return {state: 'failed', error: {errorType, errorMessage}};
    }
    case 'cancelled':
      return {state: 'cancelled'};
    // Somebody else goes on with it, or will when it is sent again.
    default:
      return {state: 'running', ...(progress && {progress})};
  }
}
