import {Logger} from '@aws-lambda-powertools/logger';
import type {Context} from 'aws-lambda';
import {type RenderError, toRenderError} from '../base/errors.ts';
import type {InvocationContext} from '../model/invocation-context.ts';
import type {JobEvent, WatchJob} from '../model/job-events.ts';
import type {Progress} from '../model/progress.ts';
import type {OnSceneLine} from '../model/scene-line.ts';
import {withoutAddresses} from './tell/without-addresses.ts';

/** Writes JSON lines, at the level that `LOG_LEVEL` asks for (INFO by default). */
export const logger = new Logger({serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME || 'revideo-lambda'});

/** Errors that have their line: a job's is thrown on, and would have another. */
const written = new WeakSet<RenderError>();

function writeFailure(error: RenderError, more: object = {}): void {
  if (written.has(error)) return;
  written.add(error);
  logger.error('failed', {...more, errorType: error.name, errorMessage: error.message});
}

/** A function that Lambda calls. */
type Handler<Answer> = (event: unknown, context?: InvocationContext) => Promise<Answer>;

/**
 * Writes a line when an invocation begins, and one when it ends or fails. Each line has Lambda's request id
 * and whether the start was cold. As far as the event names them, it also has `jobId`, `chunk` and `attempt`.
 */
export function logged<Answer>(handler: Handler<Answer>): Handler<Answer> {
  return async (event, context) => {
    logger.resetKeys();
    // Outside of Lambda some of it is missing, and then left out.
    if (context) logger.addContext(context as Context);
    logger.appendKeys(keysOf(event));
    logger.info('invoked');
    try {
      const answer = await handler(event, context);
      const {state, statusCode} = answer as {state?: string; statusCode?: number};
      logger.info('answered', {state, statusCode});
      return answer;
    } catch (error) {
      writeFailure(toRenderError(error));
      throw error;
    }
  };
}

/** The fields that name an event's work; never its variables or its webhook. */
function keysOf(event: unknown): Record<string, string | number> {
  const {jobType, jobId, workerId, attempt} = (event ?? {}) as Record<string, unknown>;
  const isWorker = jobType === 'partialRender';
  const keys = {
    jobType,
    jobId,
    ...(isWorker && {chunk: workerId, attempt: attempt ?? 1, phase: 'rendering'}),
  };
  const isPlain = (value: unknown) =>
    typeof value === 'number' || (typeof value === 'string' && value.length <= 128);
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => isPlain(value))) as Record<
    string,
    string | number
  >;
}

/** Writes what a project's code has written, at its level, with scene and frame. */
export const logSceneLine: OnSceneLine = ({level, text, ...place}) =>
  logger[level]('scene', {text, ...place});

/**
 * Logs the events of a job's run. Each line has `jobId`, `run` and `phase`; lines about a chunk also have
 * `chunk` and `attempt`.
 */
export const logJobs: WatchJob = ({jobId, run}) => {
  const attempts = new Map<number, number>();
  logger.appendKeys({jobId, run});
  const write = (event: JobEvent, {phase}: Progress) => {
    logger.appendKeys({phase});
    if (event.state === 'finished') logger.info('finished', withoutAddresses(event.result));
    else if (event.state === 'failed') writeFailure(event.error);
    else if (event.state === 'warned') logger.warn('warned', {warning: event.message});
    else if (event.state === 'unreported') {
      const {name: errorType, message: errorMessage} = event.error;
      logger.warn('unreported', {errorType, errorMessage});
    } else if (event.state === 'rendering') {
      // Without the timeline's media: a presigned address in there is a credential.
      const {frames, fps, size, revideo} = event.timeline;
      logger.info('rendering', {frames, fps, size, workers: event.chunks.length, ...(revideo && {revideo})});
    } else if ('workerId' in event) {
      const {state, workerId: chunk} = event;
      if ('attempt' in event) attempts.set(chunk, event.attempt);
      const about = {chunk, attempt: attempts.get(chunk) ?? 1};
      if (state === 'drawing') logger.debug(state, {...about, frames: event.frames});
      // The lines of the chunk and its worker show the result of an attempt, and Lambda's REPORT line shows
      // its bill.
      else if (state === 'tried' || state === 'used') logger.debug(state, about);
      else if (state === 'retrying') {
        const {name: errorType, message: errorMessage} = event.error;
        logger.warn(state, {...about, errorType, errorMessage});
      } else if (state === 'done') {
        logger.info(state, {...about, frames: event.frames, reused: event.reused});
      } else logger.info(state, about);
    } else logger.info(event.state, {...event});
  };
  return {onEvent: write, close: async () => {}};
};
