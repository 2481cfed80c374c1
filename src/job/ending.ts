import {type ErrorPayload, type RenderError, toPayload} from '../base/errors.ts';
import type {Ending, JobEvent} from '../model/job-events.ts';

/** What an error makes of a job. */
export function failedEnding(failure: RenderError | ErrorPayload): Ending {
  const {errorType, errorMessage} = failure instanceof Error ? toPayload(failure) : failure;
  const types = {Cancelled: 'cancelled', TimedOut: 'timeout'} as const;
  const type = types[errorType as keyof typeof types] ?? 'failure';
  return {type, error: {errorType, errorMessage}};
}

/** The end that an event of a job is; undefined for what is none, or is the end of one run alone. */
export function endingOf(event: JobEvent): Ending | undefined {
  if (event.state === 'finished') return {type: 'success', result: event.result};
  // Whoever has taken it over tells of its end.
  if (event.state !== 'failed' || event.error.name === 'JobTakenOver') return undefined;
  return failedEnding(event.error);
}
