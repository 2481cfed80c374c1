import {type RenderError, toRenderError} from '../../base/errors.ts';

/** Why there is no film. */
export class RenderFailed extends Error {
  override readonly name: string = 'RenderFailed';
  readonly jobId: string;
  /** What went wrong, by a name that a program can act on: `SceneFailed`, `InvokeThrottled`, … */
  readonly errorType: string;
  /** Whether sending the same event again may help. What has been drawn is not drawn again. */
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

/** Nobody renders the job: its orchestrator is dead (`JobLost`), or nobody has begun it (`JobUnknown`). */
export class JobLost extends RenderFailed {
  override readonly name = 'JobLost';

  constructor(jobId: string, {begun, seconds}: {begun: boolean; seconds: number}) {
    const message = begun
      ? `Job ${jobId} has given no sign of life for ${seconds} s: whoever rendered it is dead. Send the same event again; what has been drawn is not drawn again.`
      : `Nobody has begun job ${jobId} for ${seconds} s. Was it sent to this function? Lambda may have no room for it: it keeps an asynchronous event for up to six hours, so wait again, or send it again.`;
    super({jobId, errorType: begun ? 'JobLost' : 'JobUnknown', message, retryable: true});
  }
}

/** Whatever was thrown on the way to a job, as a `RenderFailed`; an error of a caller's own signal stays what it is. */
export function toRenderFailed(thrown: unknown, jobId: string): RenderFailed {
  if (thrown instanceof RenderFailed) return thrown;
  const error: RenderError = toRenderError(thrown);
  const {name: errorType, message, retryable} = error;
  return new RenderFailed({jobId, errorType, message, retryable}, {cause: error});
}

/** What a connection says that never was one: the event cannot have arrived. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether the answer to a call was lost, so that what became of the call is unknown. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof RenderFailed) || error.errorType !== 'InvokeLost') return false;
  // Ours, of the one that says so for the function, of the SDK's.
  const {cause} = error.cause as RenderError;
  return !NEVER_ARRIVED.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}
