import type {CancelResult} from '../../job/cancel-job.ts';
import type {CancelJob, StatusJob} from '../../model/event.ts';
import type {Storages} from '../../storage/storages.ts';
import type {Client, StartedJob, WaitOptions} from '../client/client.ts';
import type {RenderResult, RenderStatus} from '../client/types.ts';

/** The jobs of one place: a function's, a bucket's or a folder's. */
export interface Jobs {
  /** The place, for messages. */
  readonly where: string;
  /** The function's client; left out where there is no function. */
  readonly client?: Client;
  status(jobId: string, signal: AbortSignal): Promise<RenderStatus>;
  /** @param force whether a job without any run is cancelled too, which otherwise is `JobUnknown` */
  cancel(jobId: string, options: {signal: AbortSignal; force?: boolean | undefined}): Promise<CancelResult>;
  waitFor(job: string | StartedJob, options: WaitOptions): Promise<RenderResult>;
  /**
   * Where the jobs' records are, and their films. Rejects with `BadSetting` for a function that cannot report
   * its bucket.
   */
  storages(signal: AbortSignal): Promise<Storages>;
}

/** The questions about jobs. */
export interface Asking extends Pick<Jobs, 'where' | 'client' | 'storages'> {
  status(event: StatusJob, signal: AbortSignal): Promise<RenderStatus>;
  cancel(event: CancelJob, signal: AbortSignal): Promise<CancelResult>;
}
