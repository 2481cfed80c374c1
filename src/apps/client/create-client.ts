import {randomUUID} from 'node:crypto';
import {sendEvent} from '../../engines/lambda/invoke.ts';
import {askCancel, askRender, askStatus} from './ask.ts';
import {refuseEmpty, refuseNaN, wrongOption} from './check-options.ts';
import type {Client, ClientOptions, StartedJob} from './client.ts';
import {connect} from './connect.ts';
import {downloadFilm} from './download-film.ts';
import {isLost, JobLost, RenderFailed, toRenderFailed} from './errors.ts';
import type {RenderRequest} from './types.ts';
import {ANY_RUN, type Ask, waitForJob} from './wait-for-job.ts';

/** Milliseconds in which a job whose connection was lost has to show that its event had arrived. */
const ARRIVAL = 30_000;

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

  /** A caller gets its own reason, or a `RenderFailed`. */
  const typed = <T>(answer: Promise<T>, jobId: string, signal?: AbortSignal): Promise<T> =>
    answer.catch((error) => {
      signal?.throwIfAborted();
      throw toRenderFailed(error, jobId);
    });

  const quick = {lambda: short, functionName};

  const status: Ask = (job, {signal}) =>
    typed(askStatus(quick, {jobType: 'status', ...job}, signal), job.jobId, signal);

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
      const event = {...request, jobType: 'fullRender' as const, jobId: request.jobId ?? randomUUID()};
      const job: StartedJob = {jobId: event.jobId, after: await runBefore(request, {signal})};
      try {
        const asked = askRender({lambda: long, functionName}, event, signal);
        const answer = await typed(asked, job.jobId, signal);
        if (answer.state === 'finished') return answer;
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
      const invocation = await typed(sendEvent(short, {functionName, event, signal}), jobId, signal);
      return {jobId, after, invocation};
    },

    waitFor: (job, waiting = {}) =>
      waitForJob(typeof job === 'string' ? {jobId: job, after: ANY_RUN} : job, {...waiting, ask: status}),

    progress: (jobId, {signal} = {}) => status({jobId}, {signal}),

    cancel: (jobId, {signal, force} = {}) =>
      typed(askCancel(quick, {jobType: 'cancel', jobId, ...(force && {force})}, signal), jobId, signal),

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
