import type {z} from 'zod';
import type {JobStatus} from '../../job/job-status.ts';
import type {FullRender} from '../../model/event.ts';
import type {Progress} from '../../model/progress.ts';
import type {FullResult} from '../../model/result.ts';

/**
 * The data that a caller sends and receives, under the names of the client. A package of the client has flat
 * declarations in place of this file, which `client-types.ts` of the repository generates from the same schemas.
 */
export type {CancelResult} from '../../job/cancel-job.ts';

/** A film to render. */
export type RenderRequest = Omit<z.input<typeof FullRender>, 'jobType'> & {
  jobType?: 'fullRender' | undefined;
};

/** A finished film, also from an older function, whose result may lack `warnings`. */
export type RenderResult = z.input<typeof FullResult>;

/** How far a render is. */
export type RenderProgress = Progress;

/** The state of a job. */
export type RenderStatus = Omit<JobStatus, 'result'> & {
  /** The result of a finished job, with a fresh address, valid for as long as the job's `expiresIn` says. */
  result?: RenderResult;
};
