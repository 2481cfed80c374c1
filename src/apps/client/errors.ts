import {type RenderError, toRenderError} from '../../base/errors.ts';

/** Why there is no film. */
export class RenderFailed extends Error {
  override readonly name: string = 'RenderFailed';
  readonly jobId: string;
  /** The error's name, on which a program can act: `SceneFailed`, `InvokeThrottled`, … */
  readonly errorType: string;
  /** Whether sending the same event again may help. Finished chunks are not rendered again. */
  readonly retryable: boolean;

  constructor(
    {
      jobId,
      errorType,
      message,
      retryable,
    }: Pick<RenderFailed, 'jobId' | 'errorType' | 'message' | 'retryable'>,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.jobId = jobId;
    this.errorType = errorType;
    this.retryable = retryable;
  }
}

/** No run renders the job: its orchestrator is dead (`JobLost`), or none has started (`JobUnknown`). */
export class JobLost extends RenderFailed {
  override readonly name = 'JobLost';

  /** @param where the folder or the bucket that was searched for records; left out where a function was asked */
  constructor(
    jobId: string,
    {begun, seconds, where}: {begun: boolean; seconds: number; where?: string | undefined},
  ) {
    const message = begun
      ? `Job ${jobId} has sent no heartbeat for ${seconds} s: its orchestrator is dead. Send the same event again; finished chunks are not rendered again.`
      : notBegun(jobId, {seconds, where});
    super({jobId, errorType: begun ? 'JobLost' : 'JobUnknown', message, retryable: true});
  }
}

function notBegun(jobId: string, {seconds, where}: {seconds: number; where: string | undefined}): string {
  if (where !== undefined)
    return `No run of job ${jobId} has started in ${where} for ${seconds} s. Check the job's name and that place. If nothing renders it, send it again.`;
  return `No run of job ${jobId} has started for ${seconds} s. Check that it was sent to this function. Lambda may have no room for it, and keeps an asynchronous event for up to six hours. Wait again, or send it again.`;
}

/**
 * Converts any error on the way to a job into a `RenderFailed`; an error of a caller's own signal stays as it
 * is.
 */
export function toRenderFailed(thrown: unknown, jobId: string): RenderFailed {
  if (thrown instanceof RenderFailed) return thrown;
  const error: RenderError = toRenderError(thrown);
  const {name: errorType, message, retryable} = error;
  return new RenderFailed({jobId, errorType, message, retryable}, {cause: error});
}

/** Errors of a connection that was never made: the event cannot have arrived. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether the answer to a call was lost, so that its result is unknown. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof RenderFailed) || error.errorType !== 'InvokeLost') return false;
  // Ours, of the one that says so for the function, of the SDK's.
  const {cause} = error.cause as RenderError;
  return !NEVER_ARRIVED.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}
