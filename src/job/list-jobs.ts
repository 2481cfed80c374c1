import pLimit from 'p-limit';
import {firstLine} from '../base/words.ts';
import {progressKey, reportKey} from '../model/keys.ts';
import {ProgressFile} from '../model/progress.ts';
import {listAll} from '../storage/list-all.ts';
import {readRecord} from '../storage/record.ts';
import type {Storages} from '../storage/storages.ts';
import {type JobStatus, jobStatus} from './job-status.ts';

/** A job of a list. */
export interface ListedJob {
  jobId: string;
  /** As in a status; `silent` for a job that should be running, but has sent no heartbeat for a minute. */
  state: JobStatus['state'] | 'silent' | 'unreadable';
  /** When anything of it was last written, ISO 8601. */
  updated?: string;
  frames?: number;
  framesDrawn?: number;
  /** US dollars. */
  cost?: number;
  /** Its error, in one line. */
  error?: string;
  /** Whether it has a report. */
  report: boolean;
}

/** The newest jobs of a storage, the last one first, and how many there are. */
export interface JobList {
  jobs: ListedJob[];
  total: number;
}

/** Milliseconds without a heartbeat, by two clocks, after which a run counts as dead. */
const SILENT = 60_000;
/** Jobs that are looked at at the same time. */
const LOOKS = 8;

/**
 * Lists the jobs of a storage. One listing finds the newest, and only these are read, with half a dozen
 * requests each. A job that cannot be read is listed as such. Rejects as `Storage.list` does.
 *
 * @param most how many jobs are looked at, from 1
 */
export async function listJobs(
  {most, ...tools}: Storages & {most: number},
  signal: AbortSignal,
): Promise<JobList> {
  const known = await knownJobs(tools, signal);
  const newest = known.toSorted((a, b) => b.updated - a.updated).slice(0, most);
  const inTurn = pLimit(LOOKS);
  const jobs = await Promise.all(newest.map((job) => inTurn(() => look(job, tools, signal))));
  return {jobs, total: known.length};
}

interface Known {
  jobId: string;
  /** Milliseconds since 1970; 0 where the storage does not say. */
  updated: number;
  report: boolean;
}

async function knownJobs({storage}: Storages, signal: AbortSignal): Promise<Known[]> {
  const jobs = new Map<string, Known>();
  for (const {key, modified} of await listAll('jobs/', {storage, signal})) {
    const jobId = key.split('/')[1] ?? '';
    const {updated, report} = jobs.get(jobId) ?? {updated: 0, report: false};
    jobs.set(jobId, {
      jobId,
      updated: Math.max(updated, modified?.getTime() ?? 0),
      report: report || key === reportKey(jobId),
    });
  }
  return [...jobs.values()];
}

async function look(
  {jobId, updated, report}: Known,
  tools: Storages,
  signal: AbortSignal,
): Promise<ListedJob> {
  const when = updated > 0 ? {updated: new Date(updated).toISOString()} : {};
  try {
    const [status, file] = await Promise.all([
      jobStatus({jobType: 'status', jobId}, tools, signal),
      readRecord(progressKey(jobId), {storage: tools.storage, signal}),
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
      jobId,
      state: isSilent ? 'silent' : state,
      ...when,
      ...(frames !== undefined && {frames, framesDrawn}),
      ...(cost !== undefined && {cost}),
      ...(error && {error: firstLine(`${error.errorType}: ${error.errorMessage}`)}),
      report,
    };
  } catch (error) {
    signal.throwIfAborted();
    return {jobId, state: 'unreadable', ...when, error: firstLine((error as Error).message), report};
  }
}
