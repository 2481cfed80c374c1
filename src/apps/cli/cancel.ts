import {RenderError} from '../../base/errors.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {print} from './print.ts';

/** The options of `cancel`, as they come from the command line. */
export interface CancelCommand extends Place {
  force?: boolean;
  json?: boolean;
}

/** Cancels a job for good, and prints the result. */
export async function cancel(
  jobId: string,
  {force, json, ...place}: CancelCommand,
  {signal}: Interrupt,
): Promise<void> {
  const jobs = openJobs(place);
  const result = await jobs.cancel(jobId, {signal, force}).catch((error: unknown) => {
    if (!isUnknown(error)) throw error;
    const message = `No run of job ${jobId} has started in ${jobs.where}, so it was not cancelled. Check the name. If it was sent just now, cancel it again in a moment. --force also cancels a job that has not started: its name cannot be used for 30 days.`;
    throw new CommandEnded({name: 'JobUnknown', message, exitCode: EXIT.failed});
  });
  print(result, json);
}

/** Whether a job could not be cancelled because it does not exist. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof RenderError && error.name === 'JobUnknown';
