import {RenderError, toRenderError} from '../../base/errors.ts';
import {type ColdStart, ownInvocation} from '../../engines/lambda/own-invocation.ts';
import {type CancelResult, cancelJob} from '../../job/cancel-job.ts';
import type {JobContext} from '../../job/context.ts';
import {type JobStatus, jobStatus} from '../../job/job-status.ts';
import type {JobPolicy} from '../../job/policy.ts';
import type {JobPorts} from '../../job/ports.ts';
import {noteRefusal, refusalOf} from '../../job/refusal.ts';
import {renderChunk} from '../../job/render-chunk.ts';
import {renderJob} from '../../job/render-job.ts';
import {ffmpegMedia} from '../../media/media.ts';
import type {FullRender, PartialRender, RenderEvent} from '../../model/event.ts';
import type {InvocationContext} from '../../model/invocation-context.ts';
import {parseEvent} from '../../model/parse-event.ts';
import type {ContinuedResult, FullResult, PartialResult} from '../../model/result.ts';
import type {LambdaUsage} from '../../model/usage.ts';
import {writeReport} from '../../observers/report/write-report.ts';
import {ASKING_PATIENCE} from '../../storage/retrying-storage.ts';
import {retryingStorages} from '../../storage/storages.ts';
import {checkFunction, type FunctionCheck} from '../check/check-function.ts';
import {answerHttp, type HttpAnswer, isHttpEvent} from './http.ts';

/** The result of an event. */
type Result = FullResult | ContinuedResult | PartialResult | CancelResult | JobStatus | FunctionCheck;

/** The function that Lambda calls. */
export type RenderHandler = (event: unknown, context?: InvocationContext) => Promise<Result | HttpAnswer>;

/** The parts of a handler. */
export interface HandlerTools extends JobPorts, JobPolicy, Pick<JobContext, 'local'> {
  /** Milliseconds for which a job retries during an outage of the storage; 60,000 if left out. */
  patience?: number | undefined;
  /** Sends an event to a fresh invocation of this function and does not wait for it; left out where there is none. */
  startJob?: ((event: FullRender) => Promise<void>) | undefined;
  /** Bearer token for HTTP requests without an IAM signature; at least 16 characters. */
  httpSecret?: string | undefined;
  /**
   * The time of this process's start, which its first invocation pays for; left out where nothing is billed.
   */
  coldStart?: ColdStart | undefined;
  /** Stops the event that is being answered; for callers other than Lambda. */
  signal?: AbortSignal | undefined;
}

/** Milliseconds before Lambda's own deadline at which work stops, so that the error still says which work it was. */
const LAST_WORDS = 3_000;
/** Milliseconds before the deadline at which a job is handed over: a quarter of a short time limit, but enough to do it. */
const [HAND_OVER, HAND_OVER_AT_LEAST] = [60_000, LAST_WORDS + 2_000];

/** The parts that the caller of `createHandler` gives. By default, ffmpeg makes the media, and each job gets a report. */
export type GivenTools = Omit<HandlerTools, 'media'> & Partial<Pick<HandlerTools, 'media'>>;

/** Makes the handler: an event goes in, a plain result or a thrown, named error comes out. */
export function createHandler(given: GivenTools): RenderHandler {
  const tools: HandlerTools = {writeReport, media: ffmpegMedia, ...given};
  let coldStart = tools.coldStart;
  return async (event, context) => {
    const billed = {...tools, coldStart};
    // The next invocation finds this process warm.
    coldStart = undefined;
    const run = async (body: unknown) => {
      try {
        return await route(parseEvent(body), billed, context);
      } catch (error) {
        const refusal = refusalOf(body, {storage: tools.storage, invocation: context?.awsRequestId});
        if (refusal) await noteRefusal(refusal, toRenderError(error));
        throw error;
      }
    };
    return isHttpEvent(event) ? answerHttp(event, run, {secret: tools.httpSecret}) : run(event);
  };
}

async function route(
  event: RenderEvent,
  given: HandlerTools,
  context: InvocationContext | undefined,
): Promise<Result> {
  using clock = new Deadlines(context?.getRemainingTimeInMillis());
  const until = (reason: () => RenderError) =>
    AbortSignal.any([clock.before(LAST_WORDS, reason), ...(given.signal ? [given.signal] : [])]);
  const {seconds} = clock;
  const late = () => jobLate(seconds);
  const signal = until(late);
  const {coldStart} = given;
  const renders = event.jobType === 'fullRender' || event.jobType === 'partialRender';
  const retries = {
    patience: renders ? given.patience : ASKING_PATIENCE,
    signal,
  };
  const tools = {...given, ...retryingStorages(given, retries)};
  const measure = (kind: LambdaUsage['kind']) => ownInvocation(context ?? {}, {kind, coldStart});
  try {
    switch (event.jobType) {
      case 'fullRender': {
        const invocation = context?.awsRequestId;
        // An event that Lambda delivers twice has one request id, and so one job.
        const named = {...event, jobId: event.jobId ?? invocation};
        const margin = Math.max(HAND_OVER_AT_LEAST, Math.min(HAND_OVER, (seconds * 1000) / 4));
        const start = context && tools.startJob;
        const handOver = start && {start, signal: clock.before(margin, late)};
        const own = measure('fullRender');
        const left = () => clock.left;
        const {local} = tools;
        return await renderJob(named, tools, tools, {
          signal,
          handOver,
          invocation,
          own,
          left,
          local,
        });
      }
      case 'partialRender': {
        let drawn = 0;
        const onFrames = (frames: number) => {
          drawn = frames;
        };
        const inTime = until(() => workerLate(event, {drawn, seconds}));
        return await renderChunk(event, tools, {signal: inTime, onFrames, own: measure('partialRender')});
      }
      case 'cancel':
        return await cancelJob(event, tools, signal);
      case 'status':
        return await jobStatus(event, tools, signal);
      case 'check': {
        const memoryMb = context?.memoryLimitInMB ? Number(context.memoryLimitInMB) : undefined;
        return await checkFunction(tools, {seconds, memoryMb, signal});
      }
    }
  } catch (error) {
    // Callers read the name of each error, so it must be one of errors.ts.
    throw toRenderError(error);
  }
}

/**
 * The time that an invocation has. Its timers and signals end with it, since the process is kept for the next
 * one. A signal that never fires keeps its listeners alive.
 */
class Deadlines {
  /** Seconds of the whole; Infinity where there is no limit. */
  readonly seconds: number;
  readonly #left: number;
  readonly #until: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #controllers: AbortController[] = [];

  constructor(left = Infinity) {
    this.#until = performance.now() + left;
    this.#left = left;
    this.seconds = Math.round(left / 1000);
  }

  /** Milliseconds up to the end; Infinity where there is no limit. */
  get left(): number {
    return this.#until - performance.now();
  }

  /** A signal that fires this many milliseconds before the end. */
  before(milliseconds: number, reason: () => RenderError): AbortSignal {
    const controller = new AbortController();
    this.#controllers.push(controller);
    const wait = Math.max(0, this.#left - milliseconds);
    if (wait < Infinity) this.#timers.push(setTimeout(() => controller.abort(reason()), wait));
    return controller.signal;
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const over = new RenderError('Aborted', 'The invocation is over.');
    for (const controller of this.#controllers) controller.abort(over);
  }
}

const jobLate = (seconds: number) =>
  new RenderError(
    'TimedOut',
    `The function's time limit is near: ${seconds} s were not enough. Use more workers, or raise the limit; chunks that are done are kept for a day.`,
  );

function workerLate(
  {chunk, numWorkers}: PartialRender,
  {drawn, seconds}: {drawn: number; seconds: number},
): RenderError {
  const frames = chunk ? chunk.end - chunk.start : 0;
  // An invocation without any frame may have had a slow machine.
  if (drawn === 0 || frames === 0) return jobLate(seconds);
  const enough = Math.ceil((numWorkers * frames * 1.5) / drawn);
  return new RenderError(
    'DeadlineNear',
    `The function's time limit of ${seconds} s is near, and ${drawn} of ${frames} frames are drawn. Use more workers ("numWorkers": ${enough} or so), or raise the limit.`,
  );
}
