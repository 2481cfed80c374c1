import {LambdaClient} from '@aws-sdk/client-lambda';
import type {CancelResult} from '../cancel-job.ts';
import {RenderError} from '../errors.ts';
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
import {answerOf, invoke, PROBE_MILLISECONDS, REQUEST_MILLISECONDS} from './invoke.ts';

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
 * @param runHere see `Engine`
 */
export function lambdaEngine({
  functionName,
  concurrency,
  runHere,
}: {
  functionName: string;
  concurrency: number;
  runHere?: Engine['runHere'];
}): LambdaEngine {
  // A worker may draw for minutes without a byte on the line: keep-alive probes hold the way through a NAT open.
  const agent = {keepAlive: true, keepAliveMsecs: PROBE_MILLISECONDS, maxSockets: concurrency};
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
    return answerOf(
      await invoke(client, {functionName, type: 'RequestResponse', payload, signal}),
      functionName,
    );
  };

  return {
    name: 'lambda',
    elsewhere: true,
    concurrency,
    runHere,

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
