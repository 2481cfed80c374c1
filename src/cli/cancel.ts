import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {print} from './print.ts';

/** Cancels a job for good, and prints what became of it. */
export async function cancel(
  jobId: string,
  {json, ...place}: Place & {json?: boolean},
  {signal}: Interrupt,
): Promise<void> {
  print(await openJobs(place).cancel(jobId, signal), json);
}
