import {type InvokeCommandOutput, LambdaClient} from '@aws-sdk/client-lambda';
import {RenderError} from '../../base/errors.ts';
import {persist} from '../../base/persist.ts';
import {atMost, within} from '../../base/within.ts';
import type {FullRender, PartialRender} from '../../model/event.ts';
import {PartialResult} from '../../model/result.ts';
import type {LambdaUsage} from '../../model/usage.ts';
import type {ChunkListeners, Engine} from '../engine.ts';
import {answerOf, invoke, PROBE_MILLISECONDS, REQUEST_MILLISECONDS, sendEvent} from './invoke.ts';
import {ARCHITECTURE} from './own-invocation.ts';
import {type Report, readReport} from './report-line.ts';

/** An engine whose function can also render a whole job. */
export interface LambdaEngine extends Engine {
  /** Has a fresh invocation take an event, and does not wait for its end. Rejects as `run` does. */
  startJob(event: FullRender): Promise<void>;
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

  /** Invocations whose end is not known. */
  const open = new Set<Promise<unknown>>();
  let letGo = new AbortController();

  /** Invokes a worker. It still listens to an abandoned one, because that is billed. */
  const draw = (event: PartialRender, {used}: ChunkListeners): Promise<InvokeCommandOutput> => {
    const call = {functionName, type: 'RequestResponse', withLog: true, signal: letGo.signal} as const;
    const answer = invoke(client, {...call, payload: JSON.stringify(event)});
    const over = answer.then(
      ({LogResult}) => {
        const report = LogResult && readReport(Buffer.from(LogResult, 'base64').toString());
        if (report) used?.(billed(report));
      },
      () => {},
    );
    open.add(over);
    over.finally(() => open.delete(over));
    return answer;
  };

  return {
    name: 'lambda',
    traits: {isolated: true, stops: false, progress: 'storage'},
    capacity: () => concurrency,
    runHere,

    async run(event, on, {signal}) {
      signal.throwIfAborted();
      // Lambda has no line: it starts an invocation at once, or throttles it.
      on.started?.();
      const answer = await unlessAborted(draw(event, on), signal);
      const result = PartialResult.safeParse(answerOf(answer, functionName));
      if (result.success) return result.data;
      throw new RenderError(
        'InvokeRefused',
        `${functionName} answered, but not with a chunk. Is an older version of it deployed? ${result.error.message}`,
      );
    },

    async startJob(event) {
      const signal = within(START_MILLISECONDS);
      const start = () => sendEvent(client, {functionName, event, signal});
      await persist(start, {signal, attempts: 5});
    },

    async settle(milliseconds) {
      if (open.size === 0) return;
      await atMost(milliseconds, Promise.allSettled(open));
      letGo.abort(new RenderError('Aborted', 'The job is over.'));
      letGo = new AbortController();
    },

    async close() {
      client.destroy();
    },
  };
}

/** The bill in a worker's REPORT line. A worker is this same function, so its architecture is ours. */
const billed = ({id, billedMs, initMs, memoryMb}: Report): LambdaUsage => ({
  provider: 'aws-lambda',
  id,
  kind: 'partialRender',
  billedMs,
  ...(initMs !== undefined && {initMs}),
  memoryMb,
  architecture: ARCHITECTURE,
  exact: true,
});

/** The promise's value, or the signal's reason as soon as it fires. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop);
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', stop));
}
