import type {LambdaClient, LambdaClientConfig} from '@aws-sdk/client-lambda';
import type {CancelResult, RenderProgress, RenderRequest, RenderResult, RenderStatus} from './types.ts';

/** Which function, and where. */
export interface ClientOptions {
  /** Name or ARN. */
  functionName: string;
  /** By default as the SDK finds it. */
  region?: string;
  /** The address of a service other than AWS's own, such as the one `npm run serve` starts. */
  endpoint?: string;
  /** By default as the SDK finds them. */
  credentials?: LambdaClientConfig['credentials'];
  /**
   * A ready client in place of those above. A render holds its connection for up to 15 minutes: its requests must be
   * allowed to take that long.
   */
  lambda?: LambdaClient;
}

/** A job that was sent. */
export interface StartedJob {
  jobId: string;
  /** The job's last run before this request, 0 if there was none. The end of that run is not the end of this request. */
  after: number;
  /** Lambda's request id of the invocation. The status uses it to report why Lambda or the function refused the event. */
  invocation?: string | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the waiting with its reason; the job continues. */
  signal?: AbortSignal | undefined;
}

/** How to wait for a film. */
export interface WaitOptions extends CallOptions {
  /** Called when something has changed. The numbers never run backwards. */
  onProgress?: ((progress: RenderProgress) => void) | undefined;
  /**
   * Milliseconds without a heartbeat after which a job that is rendered counts as dead; 30,000 by default.
   */
  silence?: number | undefined;
  /** Milliseconds in which a run must start or continue the job; 300,000 by default. */
  patience?: number | undefined;
}

/**
 * A function that renders films. It rejects with a `RenderFailed`, the signal's reason, or a `TypeError` for
 * an invalid option. Where it fetches a film, it may reject with an error of the file system.
 */
export interface Client {
  /**
   * Renders a film and waits for it. It also survives a lost connection, and a job that outlives its first
   * invocation: then it asks about the job by its name. Only then it reports progress; `start` and `waitFor`
   * report it from the beginning.
   */
  render(event: RenderRequest, options?: WaitOptions): Promise<RenderResult>;
  /**
   * Sends a job, and returns as soon as Lambda has taken the event. If the request has a jobId, it first asks
   * about that job's state.
   */
  start(event: RenderRequest, options?: CallOptions): Promise<StartedJob>;
  /** Waits for a job's film. Takes what `start` gave, or a jobId. */
  waitFor(job: string | StartedJob, options?: WaitOptions): Promise<RenderResult>;
  /** The state of a job. */
  progress(jobId: string, options?: CallOptions): Promise<RenderStatus>;
  /**
   * Stops a job for good. Rejects with `JobUnknown` if no run of it has started. `force` cancels such a job
   * too, so that its jobId cannot be used for 30 days.
   */
  cancel(jobId: string, options?: CallOptions & {force?: boolean | undefined}): Promise<CancelResult>;
  /** Fetches a finished job's film into a file, which is there whole or not at all; missing folders are made. */
  download(jobId: string, path: string, options?: CallOptions): Promise<RenderResult>;
}
