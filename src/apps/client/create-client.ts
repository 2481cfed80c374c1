import {randomUUID} from 'node:crypto';
import type {InvokeCommandOutput, LambdaClient} from '@aws-sdk/client-lambda';
import {RenderError} from '../../base/errors.ts';
import {answerOf, invoke} from '../../engines/lambda/invoke.ts';
import {refuseEmpty, refuseNaN, wrongOption} from './check-options.ts';
import type {Client, ClientOptions, StartedJob} from './client.ts';
import {connect} from './connect.ts';
import {downloadFilm} from './download-film.ts';
import {isLost, JobLost, RenderFailed, toRenderFailed} from './errors.ts';
import type {CancelResult, RenderRequest, RenderResult, RenderStatus} from './types.ts';
import {ANY_RUN, type Ask, waitForJob} from './wait-for-job.ts';

/** The error for an answer that does not come from this project. */
const notOurs = (functionName: string, answer: unknown): RenderError =>
  new RenderError(
    'InvokeRefused',
    `${functionName} answered, but with something else: ${JSON.stringify(answer)?.slice(0, 200)}. Is it this project's function?`,
  );

/** Milliseconds in which a job whose connection was lost has to show that its event had arrived. */
const ARRIVAL = 30_000;

/** An event on its way. */
interface Sending {
  lambda: LambdaClient;
  type: 'RequestResponse' | 'Event';
  event: {jobType: string; jobId: string};
  signal?: AbortSignal | undefined;
}

/**
 * Makes a client of a deployed function, or of the service on this machine. Opens no connection yet.
 *
 * @throws `TypeError` for an empty name, region or endpoint. An empty endpoint would ask AWS itself, which costs money.
 */
export function createClient(options: ClientOptions): Client {
  const {functionName, region, endpoint} = options;
  if (functionName === undefined) throw wrongOption('functionName', "a function's name or ARN");
  refuseEmpty({functionName, region, endpoint});
  const {long, short} = connect(options);

  const send = async <T>(
    {lambda, type, event, signal = new AbortController().signal}: Sending,
    read: (answer: InvokeCommandOutput) => T,
  ): Promise<T> => {
    try {
      return read(await invoke(lambda, {functionName, type, payload: JSON.stringify(event), signal}));
    } catch (error) {
      signal.throwIfAborted();
      throw toRenderFailed(error, event.jobId);
    }
  };

  const ask = <T>(lambda: LambdaClient, event: Sending['event'], signal?: AbortSignal): Promise<T> =>
    send({lambda, type: 'RequestResponse', event, signal}, (answer) => answerOf(answer, functionName) as T);

  const status: Ask = async (job, {signal}) => {
    const {jobId} = job;
    const event = {jobType: 'status', ...job};
    const answer = await ask<RenderStatus | null>(short, event, signal);
    if (typeof answer?.run !== 'number') throw toRenderFailed(notOurs(functionName, answer), jobId);
    return answer;
  };

  /** The job's last run, where that one's end is no news of this request; 0 where there is none. */
  const runBefore = async (
    // A webhook does not make a request a different one, and stays confidential here.
    {jobId, jobType: _, webhook: __, ...request}: RenderRequest,
    {signal}: {signal: AbortSignal | undefined},
  ): Promise<number> => {
    // A name of ours is new; another one may be of another request.
    if (jobId === undefined) return 0;
    const {state, run} = await status({jobId, request}, {signal});
    return state === 'failed' || state === 'unknown' ? run : 0;
  };

  const client: Client = {
    async render(request, {signal, ...waiting} = {}) {
      // Before anything is started.
      refuseNaN({silence: waiting.silence, patience: waiting.patience});
      const event = {...request, jobType: 'fullRender', jobId: request.jobId ?? randomUUID()};
      const job: StartedJob = {jobId: event.jobId, after: await runBefore(request, {signal})};
      try {
        const answer = await ask<RenderResult | {state: 'continues'}>(long, event, signal);
        if (answer?.state === 'finished') return answer;
        if (answer?.state !== 'continues') throw toRenderFailed(notOurs(functionName, answer), job.jobId);
      } catch (error) {
        if (!isLost(error)) throw error;
        // The event may have arrived: then the job continues without a listener.
        return await client.waitFor(job, {...waiting, signal, patience: ARRIVAL}).catch((thrown) => {
          throw thrown instanceof JobLost && thrown.errorType === 'JobUnknown' ? error : thrown;
        });
      }
      return client.waitFor(job, {...waiting, signal});
    },

    async start(request, {signal} = {}) {
      const jobId = request.jobId ?? randomUUID();
      const event = {...request, jobType: 'fullRender', jobId};
      const after = await runBefore(request, {signal});
      return send({lambda: short, type: 'Event', event, signal}, ({$metadata}) => ({
        jobId,
        after,
        invocation: $metadata.requestId,
      }));
    },

    waitFor: (job, waiting = {}) =>
      waitForJob(typeof job === 'string' ? {jobId: job, after: ANY_RUN} : job, {...waiting, ask: status}),

    progress: (jobId, {signal} = {}) => status({jobId}, {signal}),

    cancel: (jobId, {signal, force} = {}) =>
      ask<CancelResult>(short, {jobType: 'cancel', jobId, ...(force && {force})}, signal),

    async download(jobId, path, {signal} = {}) {
      const {state, result, error} = await client.progress(jobId, {signal});
      if (!result) {
        const why = error ? `: ${error.errorType}: ${error.errorMessage}` : '';
        const message = `Job ${jobId} has no film: it is ${state}${why}`;
        throw new RenderFailed({jobId, errorType: 'NoFilm', message, retryable: state === 'running'});
      }
      await downloadFilm(result, path, {signal});
      return result;
    },
  };
  return client;
}
