import {cancelJob} from '../../job/cancel-job.ts';
import {jobStatus} from '../../job/job-status.ts';
import type {CancelJob, StatusJob} from '../../model/event.ts';
import {parseEvent} from '../../model/parse-event.ts';
import type {Storages} from '../../storage/storages.ts';
import {toRenderFailed} from '../client/errors.ts';
import {ANY_RUN, type Ask, waitForJob} from '../client/wait-for-job.ts';
import type {Asking, Jobs} from './asking.ts';
import {functionJobs} from './function-jobs.ts';
import type {Place} from './options.ts';
import {checkAddress, storagesOf} from './place.ts';
import {findStorageFolder} from './storage-folder.ts';

/**
 * The jobs of the place that options name. Opens no connection yet. Throws `BadSetting` for an invalid
 * address.
 */
export function openJobs(place: Place): Jobs {
  checkAddress(place);
  if (place.storage && !place.function) findStorageFolder(place.storage);
  const asking = place.function ? functionJobs(place.function, place) : storedJobs(storagesOf(place));
  const ask: Ask = ({jobId, invocation}, {signal = new AbortController().signal}) =>
    asking.status({jobType: 'status', jobId, invocation}, signal).catch((error) => {
      signal.throwIfAborted();
      throw toRenderFailed(error, jobId);
    });
  const where = place.function ? undefined : asking.where;
  return {
    ...asking,
    status: async (jobId, signal) => asking.status(parsed<StatusJob>('status', jobId), signal),
    cancel: async (jobId, {signal, force}) =>
      asking.cancel({...parsed<CancelJob>('cancel', jobId), ...(force && {force})}, signal),
    waitFor: (job, options) =>
      waitForJob(typeof job === 'string' ? {jobId: job, after: ANY_RUN} : job, {...options, ask, where}),
  };
}

/** An event about a job. Throws `BadEvent` for an invalid jobId. */
const parsed = <T extends StatusJob | CancelJob>(jobType: T['jobType'], jobId: string): T =>
  parseEvent({jobType, jobId}) as T;

const storedJobs = (storages: Storages): Asking => ({
  where: storages.storage.bucket,
  status: (event, signal) => jobStatus(event, storages, signal),
  cancel: (event, signal) => cancelJob(event, storages, signal),
  storages: async () => storages,
});
