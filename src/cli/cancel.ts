import {resolve} from 'node:path';
import {cancelJob} from '../cancel-job.ts';
import type {CancelJob} from '../event.ts';
import {parseEvent} from '../parse-event.ts';
import {directoryStorage} from '../storage/directory.ts';
import {askFunction} from './ask-function.ts';
import {print} from './render.ts';

/** The options of `cancel`, as they come from the command line. */
export interface CancelCommand {
  storage: string;
  function?: string;
}

/** Cancels a job of this machine, or of a Lambda function, and prints what became of it. */
export async function cancel(
  jobId: string,
  {storage, function: functionName}: CancelCommand,
  signal: AbortSignal,
): Promise<void> {
  const event = parseEvent({jobType: 'cancel', jobId}) as CancelJob;
  const answer = functionName
    ? await askFunction(functionName, (engine) => engine.cancel(event, {signal}))
    : await cancelJob(event, {storage: directoryStorage({root: resolve(storage)})}, signal);
  print(answer);
}
