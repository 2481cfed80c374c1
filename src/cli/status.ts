import {resolve} from 'node:path';
import type {StatusJob} from '../event.ts';
import {jobStatus} from '../job-status.ts';
import {parseEvent} from '../parse-event.ts';
import {directoryStorage} from '../storage/directory.ts';
import {askFunction} from './ask-function.ts';
import {print} from './render.ts';

/** The options of `status`, as they come from the command line. */
export interface StatusCommand {
  storage: string;
  function?: string;
}

/** Prints how far a job of this machine, or of a Lambda function, is. */
export async function status(
  jobId: string,
  {storage, function: functionName}: StatusCommand,
  signal: AbortSignal,
): Promise<void> {
  const event = parseEvent({jobType: 'status', jobId}) as StatusJob;
  const answer = functionName
    ? await askFunction(functionName, (engine) => engine.status(event, {signal}))
    : await jobStatus(event, {storage: directoryStorage({root: resolve(storage)})}, signal);
  print(answer);
}
