import {Logger} from '@aws-lambda-powertools/logger';
import type {JobEvent} from './job-tools.ts';

/** Writes JSON lines, at the level that `LOG_LEVEL` asks for (INFO by default). */
export const logger = new Logger({serviceName: 'revideo-lambda'});

/** Writes what becomes of a job as JSON lines, at the level that `LOG_LEVEL` asks for (INFO by default). */
export function logJob(): (event: JobEvent) => void {
  return (event) => {
    if (event.state === 'planning') logger.resetKeys();
    if (event.state === 'planning') logger.appendKeys({jobId: event.jobId});
    if (event.state === 'drawing') logger.debug('drawing', {...event});
    // Never the timeline's media: a presigned address in there is a credential.
    else if (event.state === 'rendering') {
      const {frames, fps, size} = event.timeline;
      logger.info('rendering', {frames, fps, size, workers: event.workers});
    } else if (event.state === 'retrying') {
      const {workerId, attempt, error} = event;
      logger.warn('retrying', {workerId, attempt, errorType: error.name, errorMessage: error.message});
    } else if (event.state === 'finished') {
      const {resultUrl: _, ...result} = event.result;
      logger.info('finished', {...result});
    } else logger.info(event.state, {...event});
  };
}
