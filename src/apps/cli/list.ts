import {dollars, firstLine} from '../../base/words.ts';
import {type ListedJob, listJobs} from '../../job/list-jobs.ts';
import {columns} from './columns.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import {type Place, whole} from './options.ts';
import {answer, print, tell} from './print.ts';

/** The options of `list`, as they come from the command line. */
export interface ListCommand extends Place {
  limit: string;
  json?: boolean;
}

/** Characters of an error that a line of a list shows. */
const ERROR = 60;

/** Prints the jobs of a storage, the newest first. */
export async function list({limit, json, ...place}: ListCommand, {signal}: Interrupt): Promise<void> {
  const most = whole('limit', limit, {min: 1, max: 1000});
  const storages = await openJobs(place).storages(signal);
  const {jobs, total} = await listJobs({...storages, most}, signal);
  if (json) return print(jobs, true);
  for (const line of jobs.length > 0 ? table(jobs) : []) answer(line);
  if (total === 0) tell(`There are no jobs in ${storages.storage.bucket}.`);
  else if (total > jobs.length) tell(`${total - jobs.length} more: --limit ${total} shows them all.`);
}

function table(jobs: readonly ListedJob[]): string[] {
  const rows = jobs.map(({jobId, state, updated, frames, framesDrawn, cost, error}) => [
    updated ? `${updated.slice(0, 16).replace('T', ' ')}` : '',
    state,
    frames === undefined ? '' : framesDrawn === frames ? `${frames}` : `${framesDrawn} of ${frames}`,
    cost === undefined ? '' : dollars(cost),
    error ? `${jobId}  ${firstLine(error).slice(0, ERROR)}` : jobId,
  ]);
  return columns([['when (UTC)', 'state', 'frames', 'cost', 'job'], ...rows]);
}
