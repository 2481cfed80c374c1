import {InvokeCommand, type InvokeCommandOutput, type LambdaClient} from '@aws-sdk/client-lambda';
import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';

/** Lambda's longest run is 15 minutes (Lambda quotas, "Function timeout"); a request may wait a little longer. */
export const REQUEST_MILLISECONDS = 16 * 60 * 1000;
/** Milliseconds after which a silent connection is probed: a render may take minutes without a byte on the line. */
export const PROBE_MILLISECONDS = 30_000;

/** One call of a function. */
export interface InvokeOptions {
  functionName: string;
  type: 'RequestResponse' | 'Event' | 'DryRun';
  payload: string;
  /** Whether the answer is to hold the last 4 KB of the invocation's log, in which is what it is billed for. */
  withLog?: boolean;
  signal: AbortSignal;
}

/**
 * Calls a function once. Rejects with `InvokeThrottled`, `InvokeRefused`, `InvokeLost`, `BadEvent` for an
 * event that is too large, or with the signal's reason. The function's own error is in the answer.
 */
export async function invoke(
  client: LambdaClient,
  {functionName, type, payload, withLog = false, signal}: InvokeOptions,
): Promise<InvokeCommandOutput> {
  try {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: type,
      Payload: payload,
      ...(withLog && {LogType: 'Tail' as const}),
    });
    return await client.send(command, {abortSignal: signal});
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw translate(error as Error & {$metadata?: {httpStatusCode?: number}}, functionName);
  }
}

function translate(
  error: Error & {$metadata?: {httpStatusCode?: number}},
  functionName: string,
): RenderError {
  const status = error.$metadata?.httpStatusCode;
  const cause = {cause: error};
  if (error.name === 'TooManyRequestsException' || status === 429) {
    return new RenderError(
      'InvokeThrottled',
      `Lambda has no room for another run of ${functionName}. ${error.message}`,
      cause,
    );
  }
  if (error.name === 'RequestTooLargeException') {
    return new RenderError(
      'BadEvent',
      `The event is too large for Lambda (6 MB, or 1 MB asynchronously): make the variables smaller, or put them into the bucket (variablesStored). ${error.message}`,
      cause,
    );
  }
  if (status !== undefined && status < 500) {
    return new RenderError(
      'InvokeRefused',
      `${functionName} cannot be invoked: ${error.name}: ${error.message}`,
      cause,
    );
  }
  if (error.name === 'CredentialsProviderError') {
    return new RenderError(
      'InvokeRefused',
      `${functionName} cannot be invoked without AWS credentials. ${error.message}`,
      cause,
    );
  }
  const {code, name} = error as NodeJS.ErrnoException;
  const wasSent =
    status !== undefined ||
    (typeof code === 'string' && !code.startsWith('ERR_INVALID')) ||
    /Timeout|SyntaxError/.test(name);
  if (!wasSent) {
    // The SDK's own error before any call: no region, or an invalid address.
    return new RenderError('InvokeRefused', `${functionName} cannot be invoked: ${error.message}`, cause);
  }
  return new RenderError(
    'InvokeLost',
    `The call of ${functionName} was lost: ${error.name}: ${error.message}`,
    cause,
  );
}

/** An event on its way to a function. */
export interface Sending {
  functionName: string;
  event: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Sends an event to a function, and returns its answer, which may be anything. Rejects as `invoke` does, and with
 * the function's own error.
 */
export async function ask(
  client: LambdaClient,
  {functionName, event, signal = never()}: Sending,
): Promise<unknown> {
  const call = {functionName, type: 'RequestResponse', signal} as const;
  return answerOf(await invoke(client, {...call, payload: JSON.stringify(event)}), functionName);
}

/**
 * Has Lambda take an event, and does not wait for the function. Returns Lambda's name of the invocation. Rejects
 * as `invoke` does.
 */
export async function sendEvent(
  client: LambdaClient,
  {functionName, event, signal = never()}: Sending,
): Promise<string | undefined> {
  const call = {functionName, type: 'Event', signal} as const;
  const {$metadata} = await invoke(client, {...call, payload: JSON.stringify(event)});
  return $metadata.requestId;
}

const never = (): AbortSignal => new AbortController().signal;

/** A function's answer, or the error that it threw, as one of ours. */
export function answerOf({Payload, FunctionError}: InvokeCommandOutput, functionName: string): unknown {
  const said = parse(Payload?.transformToString() ?? '', functionName);
  if (FunctionError) throw fromPayload(said as ErrorPayload);
  return said;
}

function parse(payload: string, functionName: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    throw new RenderError(
      'InvokeLost',
      `${functionName} answered with something that is not JSON: ${payload.slice(0, 200)}`,
      {
        cause: error,
      },
    );
  }
}
