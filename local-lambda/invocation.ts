/** One call of a function, on its way to an execution environment. */
export interface Invocation {
  /** A UUID. */
  readonly requestId: string;
  /** The function's ARN as the caller qualified it. */
  readonly functionArn: string;
  /** An X-Ray trace header. */
  readonly traceId: string;
  /** JSON. */
  readonly payload: Buffer;
  /** JSON in ASCII, so that it can travel in a header. */
  readonly clientContext?: string;
}

/** The result of an invocation. */
export interface Outcome {
  /** JSON: the handler's result, or an {@link ErrorPayload}. */
  readonly payload: Buffer;
  /** Whether the function, not the service, failed. */
  readonly failed: boolean;
}

/** How a failed invocation is described ("Define Lambda function handler in Node.js", errors). */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack. */
  readonly trace?: readonly string[];
}

/** The outcome of an invocation that failed. */
export const failure = (error: ErrorPayload): Outcome => ({
  payload: Buffer.from(JSON.stringify(error)),
  failed: true,
});

/**
 * Bytes of a synchronous request and of a response: 6 MB as the service itself counts them (Lambda Developer
 * Guide, "Lambda quotas", invocation payload). The number is in the service's own message.
 */
export const SYNC_PAYLOAD_BYTES = 6_291_556;

/** Bytes of an asynchronous request, 1 MB (Lambda Developer Guide, "Lambda quotas": invocation payload). */
export const ASYNC_PAYLOAD_BYTES = 1_048_576;
