import {InvokeCommand, type InvokeCommandOutput, LambdaClient} from '@aws-sdk/client-lambda';
import {type ErrorPayload, fromPayload, RenderError} from '../errors.ts';
import {PartialResult} from '../event.ts';
import type {Engine} from './engine.ts';

/** Lambda's longest run is 15 minutes (Lambda quotas, "Function timeout"); a request may wait a little longer. */
const REQUEST_MILLISECONDS = 16 * 60 * 1000;

/**
 * Runs chunks by invoking a Lambda function, which is usually this one.
 *
 * @param functionName name or ARN
 * @param concurrency sockets, and chunks at the same time, at least 1
 */
export function lambdaEngine({
  functionName,
  concurrency,
}: {
  functionName: string;
  concurrency: number;
}): Engine {
  // A worker may draw for minutes without a byte on the line: keep-alive probes hold the way through a NAT open.
  const agent = {keepAlive: true, keepAliveMsecs: 30_000, maxSockets: concurrency};
  const client = new LambdaClient({
    // One try is one try: a hidden second one would draw and bill the chunk twice. dispatch.ts decides.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: REQUEST_MILLISECONDS,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });

  return {
    name: 'lambda',
    concurrency,

    async run(event, {signal}) {
      const answer = await invoke(client, {functionName, payload: JSON.stringify(event), signal});
      const payload = answer.Payload?.transformToString() ?? '';
      if (answer.FunctionError) throw fromPayload(parse(payload, functionName) as ErrorPayload);
      const result = PartialResult.safeParse(parse(payload, functionName));
      if (result.success) return result.data;
      throw new RenderError(
        'InvokeRefused',
        `${functionName} answered, but not with a chunk. Is an older version of it deployed? ${result.error.message}`,
      );
    },

    async close() {
      client.destroy();
    },
  };
}

async function invoke(
  client: LambdaClient,
  {functionName, payload, signal}: {functionName: string; payload: string; signal: AbortSignal},
): Promise<InvokeCommandOutput> {
  try {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      Payload: payload,
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
      `The event is too large for Lambda (6 MB): make the variables smaller. ${error.message}`,
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
  return new RenderError(
    'InvokeLost',
    `The call of ${functionName} was lost: ${error.name}: ${error.message}`,
    cause,
  );
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
