import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {print} from './print.ts';

/** Prints a job's progress or result. */
export async function status(
  jobId: string,
  {json, ...place}: Place & {json?: boolean},
  {signal}: Interrupt,
): Promise<void> {
  print(await openJobs(place).status(jobId, signal), json);
}
