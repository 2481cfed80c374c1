import type {CancelResult} from '../../job/cancel-job.ts';
import type {CancelJob, StatusJob} from '../../model/event.ts';
import type {Storages} from '../../storage/storages.ts';
import type {Client, RenderResult, RenderStatus, StartedJob, WaitOptions} from '../client/types.ts';

/** The jobs of one place: a function's, a bucket's or a folder's. */
export interface Jobs {
  /** The place, for messages. */
  readonly where: string;
  /** Of the function; left out where there is none to ask. */
  readonly client?: Client;
  status(jobId: string, signal: AbortSignal): Promise<RenderStatus>;
  /** @param force whether also a job that nobody has begun is cancelled, which otherwise is `JobUnknown` */
  cancel(jobId: string, options: {signal: AbortSignal; force?: boolean | undefined}): Promise<CancelResult>;
  waitFor(job: string | StartedJob, options: WaitOptions): Promise<RenderResult>;
  /** Where the jobs' records are, and their films. Of a function that cannot be asked for its bucket: rejects with `BadSetting`. */
  storages(signal: AbortSignal): Promise<Storages>;
}

/** What can be asked about jobs. */
export interface Asking extends Pick<Jobs, 'where' | 'client' | 'storages'> {
  status(event: StatusJob, signal: AbortSignal): Promise<RenderStatus>;
  cancel(event: CancelJob, signal: AbortSignal): Promise<CancelResult>;
}
