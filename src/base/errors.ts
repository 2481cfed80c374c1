import {isDiskFull} from './disk-full.ts';
import {hideSecrets} from './hide-secrets.ts';

/**
 * Every error this system throws on purpose, by name, and whether another try at the same work can help.
 * The name travels as `errorType` of a failed invocation, so an alarm or a caller can tell them apart.
 */
const RETRYABLE = {
  /** The event is not one of ours: which field, which value, what is allowed. */
  BadEvent: false,
  /** A command-line option or an environment variable cannot be used as it is. */
  BadSetting: false,
  /** The HTTP request was not signed by IAM. */
  Unauthorized: false,
  /** There is no Revideo project where one was named. */
  ProjectNotFound: false,
  /** The project does not compile. */
  ProjectBroken: false,
  /** The project's own code threw while it was counted or drawn. */
  SceneFailed: false,
  /** A clip, a sound or an image cannot be read. */
  MediaFailed: false,
  /** ffmpeg or a browser is not on this machine. */
  ToolMissing: false,
  /** ffmpeg ended with an error. */
  FfmpegFailed: false,
  /** ffmpeg was killed or did not end. */
  FfmpegKilled: true,
  /** A temporary file cannot be written: the disk is full, or may not be written to. */
  DiskFailed: false,
  /** The browser died or went silent. */
  BrowserCrashed: true,
  /** No frame was drawn for too long. */
  RenderStalled: true,
  /** A chunk does not hold the frames it should. */
  ChunkMismatch: true,
  /** The finished film does not add up to its plan. */
  FilmMismatch: false,
  /** The bucket does not exist, or belongs to another account. */
  BucketNotFound: false,
  /** Storage says this caller may not do that. */
  StorageRefused: false,
  /** Storage does not have this key. */
  StorageNotFound: false,
  /** The object in storage is not in the format that this version writes. */
  StorageGarbled: false,
  /** A conditional write found the key taken. */
  StorageConflict: false,
  /** Storage did not answer, or answered 5xx, after its own retries. */
  StorageUnavailable: true,
  /** The function to invoke does not exist or may not be invoked. */
  InvokeRefused: false,
  /** Lambda is at its concurrency limit. */
  InvokeThrottled: true,
  /** The connection to a worker was lost; what the worker did is unknown. */
  InvokeLost: true,
  /** A worker's process died: killed, out of memory, crashed. */
  WorkerCrashed: true,
  /** A worker, or the job, ran into its time limit. */
  TimedOut: true,
  /** A worker saw that its chunk is too long for its time limit: another try would take as long. */
  DeadlineNear: false,
  /** No run of the job has started. */
  JobUnknown: false,
  /** The job has cost as much as it may: `maxCost`. */
  MaxCostReached: false,
  /** Another request has this jobId. */
  JobConflict: false,
  /** A worker has another project, or other variables, than the job it is to draw for. */
  ProjectChanged: false,
  /** The job was cancelled, for good. */
  Cancelled: false,
  /** Another run took the job over, because this one sent no heartbeat. */
  JobTakenOver: false,
  /** The caller went away, or a sibling failed first. */
  Aborted: false,
  /** A defect of this program. */
  Internal: false,
} as const;

/** The name of an error of ours. */
export type ErrorName = keyof typeof RETRYABLE;

/** How a failed invocation is described, in the shape AWS Lambda's runtimes use. */
export interface ErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/** An error with a name a machine can act on and a message a person can act on. */
export class RenderError extends Error {
  override readonly name: ErrorName;
  /** Whether another try at the same work can help. */
  readonly retryable: boolean;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.retryable = RETRYABLE[name];
  }
}

/** Whether `name` is one of ours. */
export const isErrorName = (name: string): name is ErrorName => Object.hasOwn(RETRYABLE, name);

/**
 * Converts any thrown value to one of our errors. An unknown error becomes `Internal`, or `DiskFailed` if the
 * disk was full. It keeps its message and stack, with masked addresses.
 */
export function toRenderError(thrown: unknown): RenderError {
  if (thrown instanceof RenderError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const name = isDiskFull(error) ? 'DiskFailed' : 'Internal';
  const ours = new RenderError(name, hideSecrets(error.message), {cause: error});
  if (error.stack) ours.stack = hideSecrets(error.stack);
  return ours;
}

/** The message of a job that was cancelled. Other jobs may still use its chunks. */
export const cancelledMessage = (jobId: string): string =>
  `Job ${jobId} was cancelled, and stays so. To render it after all, send the same request under another jobId: what is drawn is kept for a day, and is not drawn again.`;

/** Characters of a message, and lines of a stack, that a payload has at most: results and records stay small. */
const MESSAGE_CHARACTERS = 8_000;
const TRACE_LINES = 50;

/** An error as a payload that crosses a process or a network. */
export function toPayload(thrown: unknown): ErrorPayload {
  const {name, message, stack = ''} = toRenderError(thrown);
  const short = (text: string) =>
    text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS)}…` : text;
  return {
    errorType: name,
    errorMessage: short(message),
    trace: short(stack).split('\n').slice(0, TRACE_LINES),
  };
}

/**
 * The error a worker reported, as one of ours, with the worker's own stack.
 * Lambda's own words for a dead or late process become `WorkerCrashed` and `TimedOut`
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html and the Sandbox.* and Runtime.* types).
 */
export function fromPayload(payload: ErrorPayload): RenderError {
  // It is foreign: a function of something else, or a proxy, may have sent anything.
  const given: Partial<Record<keyof ErrorPayload, unknown>> = Object(payload);
  const errorType = typeof given.errorType === 'string' ? given.errorType : 'Error';
  const errorMessage =
    typeof given.errorMessage === 'string' ? given.errorMessage : 'the function gave no message';
  const trace = Array.isArray(given.trace) ? given.trace : undefined;
  const error = new RenderError(nameOf({errorType, errorMessage}), errorMessage);
  if (!isErrorName(errorType)) error.message = `${errorType}: ${errorMessage}`;
  if (trace?.length) error.stack = trace.join('\n');
  return error;
}

function nameOf({errorType, errorMessage}: ErrorPayload): ErrorName {
  if (isErrorName(errorType)) return errorType;
  if (errorType === 'Sandbox.Timedout' || /Task timed out after/.test(errorMessage)) return 'TimedOut';
  if (/^(Runtime|Sandbox|Extension)\./.test(errorType)) return 'WorkerCrashed';
  return 'Internal';
}
