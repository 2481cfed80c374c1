import {type CancelResult, cancelJob} from '../cancel-job.ts';
import {toRenderFailed} from '../client/errors.ts';
import type {Client, RenderResult, RenderStatus, StartedJob, WaitOptions} from '../client/types.ts';
import {type Ask, waitForJob} from '../client/wait-for-job.ts';
import type {CancelJob, StatusJob} from '../event.ts';
import type {Storages} from '../film-place.ts';
import {jobStatus} from '../job-status.ts';
import {parseEvent} from '../parse-event.ts';
import {functionJobs} from './function-jobs.ts';
import type {Place} from './options.ts';
import {checkAddress, storagesOf} from './place.ts';

/** The jobs of one place: a function's, a bucket's or a folder's. */
export interface Jobs {
  /** The place, for messages. */
  readonly where: string;
  /** Of the function; left out where there is none to ask. */
  readonly client?: Client;
  status(jobId: string, signal: AbortSignal): Promise<RenderStatus>;
  cancel(jobId: string, signal: AbortSignal): Promise<CancelResult>;
  waitFor(job: string | StartedJob, options: WaitOptions): Promise<RenderResult>;
  /** Where the jobs' records are, and their films. Of a function that cannot be asked for its bucket: rejects with `BadSetting`. */
  storages(signal: AbortSignal): Promise<Storages>;
}

/** What can be asked about jobs. */
export interface Asking extends Pick<Jobs, 'where' | 'client' | 'storages'> {
  status(event: StatusJob, signal: AbortSignal): Promise<RenderStatus>;
  cancel(event: CancelJob, signal: AbortSignal): Promise<CancelResult>;
}

/** The jobs of the place that options name. Opens no connection yet. Throws `BadSetting` for an address that is none. */
export function openJobs(place: Place): Jobs {
  checkAddress(place);
  const asking = place.function ? functionJobs(place.function, place) : storedJobs(storagesOf(place));
  const ask: Ask = ({jobId, invocation}, {signal = new AbortController().signal}) =>
    asking.status({jobType: 'status', jobId, invocation}, signal).catch((error) => {
      signal.throwIfAborted();
      throw toRenderFailed(error, jobId);
    });
  return {
    ...asking,
    status: async (jobId, signal) => asking.status(parsed<StatusJob>('status', jobId), signal),
    cancel: async (jobId, signal) => asking.cancel(parsed<CancelJob>('cancel', jobId), signal),
    waitFor: (job, options) =>
      waitForJob(typeof job === 'string' ? {jobId: job, after: 0} : job, {...options, ask}),
  };
}

/** An event about a job. Throws `BadEvent` for what is no jobId. */
const parsed = <T extends StatusJob | CancelJob>(jobType: T['jobType'], jobId: string): T =>
  parseEvent({jobType, jobId}) as T;

const storedJobs = (storages: Storages): Asking => ({
  where: storages.storage.bucket,
  status: (event, signal) => jobStatus(event, storages, signal),
  cancel: (event, signal) => cancelJob(event, storages, signal),
  storages: async () => storages,
});
