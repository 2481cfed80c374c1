import {type ErrorPayload, type RenderError, toPayload} from '../base/errors.ts';
import type {Ending, JobEvent} from '../model/job-events.ts';

/** The ending of a job that an error causes. */
export function failedEnding(failure: RenderError | ErrorPayload): Ending {
  const {errorType, errorMessage} = failure instanceof Error ? toPayload(failure) : failure;
  const types = {Cancelled: 'cancelled', TimedOut: 'timeout'} as const;
  const type = types[errorType as keyof typeof types] ?? 'failure';
  return {type, error: {errorType, errorMessage}};
}

/** The job's ending that an event reports; undefined for other events, or for the end of one run alone. */
export function endingOf(event: JobEvent): Ending | undefined {
  if (event.state === 'finished') return {type: 'success', result: event.result};
  // The run that took it over reports its end.
  if (event.state !== 'failed' || event.error.name === 'JobTakenOver') return undefined;
  return failedEnding(event.error);
}
