import {followJob} from './follow-job.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import {type Place, whole} from './options.ts';
import {placeWords} from './place.ts';
import {print, tell} from './print.ts';

/** The options of `watch`, as they come from the command line. */
export interface WatchCommand extends Place {
  patience: string;
  json?: boolean;
  quiet?: boolean;
}

/** Shows how far a job is until its end, and prints the result; with `json` each change on standard output as well. */
export async function watch(
  jobId: string,
  {patience, json, quiet, ...place}: WatchCommand,
  interrupt: Interrupt,
): Promise<void> {
  const seconds = whole('patience', patience, {min: 1, max: 86_400});
  const jobs = openJobs(place);
  const {state} = await jobs.status(jobId, interrupt.signal);
  if (state === 'unknown' && !quiet)
    tell(`No run of job ${jobId} has started in ${jobs.where} so far; waiting up to ${seconds} s.`);
  const result = await followJob(jobId, {
    jobs,
    interrupt,
    patience: seconds * 1000,
    quiet: quiet || json,
    again: `revideo-lambda watch ${jobId} ${placeWords(place)}`.trim(),
    onProgress: json ? (progress) => print(progress, true) : undefined,
  });
  print(result, json);
}
