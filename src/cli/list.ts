import pLimit from 'p-limit';
import type {RenderStatus} from '../client/types.ts';
import type {Storages} from '../film-place.ts';
import {jobStatus} from '../job-status.ts';
import {progressKey} from '../keys.ts';
import {ProgressFile} from '../runs/progress.ts';
import {readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';
import {dollars, firstLine} from './display/words.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import {type Place, whole} from './options.ts';
import {print, tell} from './print.ts';

/** The options of `list`, as they come from the command line. */
export interface ListCommand extends Place {
  limit: string;
  json?: boolean;
}

/** A job of a list. */
export interface ListedJob {
  jobId: string;
  /** As in a status; `silent` for one that should be running, but has given no sign of life for a minute. */
  state: RenderStatus['state'] | 'silent' | 'unreadable';
  /** When anything of it was last written, ISO 8601. */
  updated?: string;
  frames?: number;
  framesDrawn?: number;
  /** US dollars. */
  cost?: number;
  /** What it failed with. */
  error?: string;
}

/** Milliseconds without a sign of life, by two clocks, after which a run is taken for dead. */
const SILENT = 60_000;
/** Jobs that are looked at at the same time. */
const LOOKS = 8;

/** Prints the jobs that a storage knows of, the newest first. */
export async function list({limit, json, ...place}: ListCommand, {signal}: Interrupt): Promise<void> {
  const most = whole('limit', limit, {min: 1, max: 1000});
  const storages = await openJobs(place).storages(signal);
  const {storage} = storages;
  const known = await jobsIn(storage);
  const newest = known.sort((a, b) => b.updated - a.updated).slice(0, most);
  const inTurn = pLimit(LOOKS);
  const jobs = await Promise.all(newest.map((job) => inTurn(() => look(job, {storages, signal}))));
  if (json) return print(jobs, true);
  for (const line of table(jobs)) process.stdout.write(`${line}\n`);
  const more = known.length - jobs.length;
  if (known.length === 0) tell(`There are no jobs in ${storage.bucket}.`);
  else if (more > 0) tell(`${more} more: --limit ${known.length} shows them all.`);
}

interface Known {
  jobId: string;
  /** Milliseconds since 1970; 0 where the storage does not say. */
  updated: number;
}

async function jobsIn(storage: Storage): Promise<Known[]> {
  const jobs = new Map<string, number>();
  for (const {key, modified} of await storage.list('jobs/')) {
    const jobId = key.split('/')[1] ?? '';
    jobs.set(jobId, Math.max(jobs.get(jobId) ?? 0, modified?.getTime() ?? 0));
  }
  return [...jobs].map(([jobId, updated]) => ({jobId, updated}));
}

async function look(
  {jobId, updated}: Known,
  {storages, signal}: {storages: Storages; signal: AbortSignal},
): Promise<ListedJob> {
  const when = updated > 0 ? {updated: new Date(updated).toISOString()} : {};
  try {
    const [status, file] = await Promise.all([
      jobStatus({jobType: 'status', jobId}, storages, signal),
      readJson(progressKey(jobId), {storage: storages.storage, signal}),
    ]);
    const {state, result, error} = status;
    const progress = status.progress ?? ProgressFile.safeParse(file).data;
    const isSilent = state === 'running' && updated > 0 && Date.now() - updated > SILENT;
    const cost = result?.cost?.total ?? progress?.cost;
    const [frames, framesDrawn] = [
      result?.frames ?? progress?.frames,
      result?.frames ?? progress?.framesDrawn,
    ];
    return {
      ...{jobId, state: isSilent ? 'silent' : state, ...when},
      ...(frames !== undefined && {frames, framesDrawn}),
      ...(cost !== undefined && {cost}),
      ...(error && {error: firstLine(`${error.errorType}: ${error.errorMessage}`)}),
    };
  } catch (error) {
    signal.throwIfAborted();
    // One that cannot be read is no reason to show none.
    return {jobId, state: 'unreadable', ...when, error: firstLine((error as Error).message)};
  }
}

function table(jobs: readonly ListedJob[]): string[] {
  if (jobs.length === 0) return [];
  const rows = jobs.map(({jobId, state, updated, frames, framesDrawn, cost, error}) => [
    updated ? `${updated.slice(0, 16).replace('T', ' ')}` : '',
    state,
    frames === undefined ? '' : framesDrawn === frames ? `${frames}` : `${framesDrawn} of ${frames}`,
    cost === undefined ? '' : dollars(cost),
    error ? `${jobId}  ${error.slice(0, 60)}` : jobId,
  ]);
  const all = [['when (UTC)', 'state', 'frames', 'cost', 'job'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
