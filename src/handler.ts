import type {Context} from 'aws-lambda';
import {RenderError, toRenderError} from './errors.ts';
import {type FullResult, type PartialResult, parseEvent, type RenderEvent} from './event.ts';
import {answerHttp, type HttpAnswer, isHttpEvent} from './http.ts';
import {renderChunk} from './render-chunk.ts';
import {type JobTools, renderJob} from './render-job.ts';

/** The function that Lambda calls. */
export type RenderHandler = (
  event: unknown,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<FullResult | PartialResult | HttpAnswer>;

/** What a handler is made of. */
export interface HandlerTools extends JobTools {
  /** Ends whatever the handler is at; for callers that are not Lambda. */
  signal?: AbortSignal | undefined;
}

/** Milliseconds before Lambda's own deadline at which work stops, so that the error still says which work it was. */
const LAST_WORDS = 3_000;

/** Makes the handler: an event goes in, a plain result or a thrown, named error comes out. */
export function createHandler(tools: HandlerTools): RenderHandler {
  return async (event, context) => {
    const signal = AbortSignal.any([deadline(context), ...(tools.signal ? [tools.signal] : [])]);
    if (isHttpEvent(event)) return answerHttp(event, (body) => route(parseEvent(body), tools, signal));
    return route(parseEvent(event), tools, signal);
  };
}

async function route(
  event: RenderEvent,
  tools: HandlerTools,
  signal: AbortSignal,
): Promise<FullResult | PartialResult> {
  try {
    return event.jobType === 'fullRender'
      ? await renderJob(event, tools, signal)
      : await renderChunk(event, tools, {signal});
  } catch (error) {
    // Whatever leaves here has a name that errors.ts knows.
    throw toRenderError(error);
  }
}

function deadline(context: Pick<Context, 'getRemainingTimeInMillis'> | undefined): AbortSignal {
  const controller = new AbortController();
  if (context) {
    const left = context.getRemainingTimeInMillis();
    const message = `The function's time limit is near: ${Math.round(left / 1000)} s were not enough. Use more workers, or raise the limit.`;
    const stop = () => controller.abort(new RenderError('TimedOut', message));
    setTimeout(stop, Math.max(0, left - LAST_WORDS)).unref();
  }
  return controller.signal;
}
