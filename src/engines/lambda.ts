import {InvokeCommand, type InvokeCommandOutput, LambdaClient} from '@aws-sdk/client-lambda';
import type {CancelResult} from '../cancel-job.ts';
import {type ErrorPayload, fromPayload, RenderError} from '../errors.ts';
import {
  type CancelJob,
  type FullRender,
  type PartialRender,
  PartialResult,
  type StatusJob,
} from '../event.ts';
import type {JobStatus} from '../job-status.ts';
import {persist} from '../persist.ts';
import {within} from '../within.ts';
import type {Engine} from './engine.ts';

/** Lambda's longest run is 15 minutes (Lambda quotas, "Function timeout"); a request may wait a little longer. */
const REQUEST_MILLISECONDS = 16 * 60 * 1000;

/** An engine whose function can also be told to render a whole job by itself. */
export interface LambdaEngine extends Engine {
  /** Has a fresh invocation take an event, and does not wait for its end. Rejects as `run` does. */
  startJob(event: FullRender): Promise<void>;
  /** Has the function cancel a job. Rejects as `run` does. */
  cancel(event: CancelJob, options: {signal: AbortSignal}): Promise<CancelResult>;
  /** Has the function say how far a job is. Rejects as `run` does. */
  status(event: StatusJob, options: {signal: AbortSignal}): Promise<JobStatus>;
}

/** Milliseconds in which Lambda has to have taken an event. */
const START_MILLISECONDS = 30_000;

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
}): LambdaEngine {
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

  const ask = async (event: PartialRender | CancelJob | StatusJob, signal: AbortSignal): Promise<unknown> => {
    const payload = JSON.stringify(event);
    const answer = await invoke(client, {functionName, type: 'RequestResponse', payload, signal});
    const said = parse(answer.Payload?.transformToString() ?? '', functionName);
    if (answer.FunctionError) throw fromPayload(said as ErrorPayload);
    return said;
  };

  return {
    name: 'lambda',
    elsewhere: true,
    concurrency,

    async run(event, {signal}) {
      const result = PartialResult.safeParse(await ask(event, signal));
      if (result.success) return result.data;
      throw new RenderError(
        'InvokeRefused',
        `${functionName} answered, but not with a chunk. Is an older version of it deployed? ${result.error.message}`,
      );
    },

    async startJob(event) {
      const signal = within(START_MILLISECONDS);
      const payload = JSON.stringify(event);
      const start = () => invoke(client, {functionName, type: 'Event', payload, signal});
      await persist(start, {signal, attempts: 5});
    },

    cancel: async (event, {signal}) => (await ask(event, signal)) as CancelResult,

    status: async (event, {signal}) => (await ask(event, signal)) as JobStatus,

    async close() {
      client.destroy();
    },
  };
}

interface InvokeOptions {
  functionName: string;
  type: 'RequestResponse' | 'Event';
  payload: string;
  signal: AbortSignal;
}

async function invoke(
  client: LambdaClient,
  {functionName, type, payload, signal}: InvokeOptions,
): Promise<InvokeCommandOutput> {
  try {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: type,
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
