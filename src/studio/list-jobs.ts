import pLimit from 'p-limit';
import {z} from 'zod';
import {JOB_ID} from '../event.ts';
import {progressKey, reportKey, runKey, runNumber} from '../keys.ts';
import {ProgressFile} from '../runs/progress.ts';
import {Trace} from '../runs/trace.ts';
import {readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';

/** A job as it is listed. */
export interface ListedJob {
  jobId: string;
  state: 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';
  /** When it was last heard of, ISO 8601, where that is known. */
  when?: string;
  /** Whether there is a report. */
  report: boolean;
}

/** Jobs that are listed at most, that are looked up for it, and of these at the same time. */
const [LISTED, LOOKED_UP, AT_ONCE] = [100, 500, 16];

const STATES = {finished: 'finished', failed: 'failed', cancelled: 'cancelled'} as const;
const Ended = z.object({state: z.string()});

/** The jobs of a storage, the last one first. Rejects as the storage does. */
export async function listJobs(storage: Storage, signal: AbortSignal): Promise<ListedJob[]> {
  const keys = (await storage.list('jobs/')).map(({key}) => key);
  const there = new Set(keys);
  const runs = new Map<string, number>();
  for (const key of keys) {
    const jobId = key.split('/')[1] ?? '';
    const run = runNumber(key);
    if (run !== undefined && JOB_ID.test(jobId)) runs.set(jobId, Math.max(run, runs.get(jobId) ?? 0));
  }
  const limit = pLimit(AT_ONCE);
  const jobs = await Promise.all(
    [...runs]
      .slice(-LOOKED_UP)
      .map(([jobId, run]) => limit(() => lookUp({jobId, run, there}, {storage, signal}))),
  );
  return jobs.toSorted((a, b) => (b.when ?? '').localeCompare(a.when ?? '')).slice(0, LISTED);
}

async function lookUp(
  {jobId, run, there}: {jobId: string; run: number; there: ReadonlySet<string>},
  {storage, signal}: {storage: Storage; signal: AbortSignal},
): Promise<ListedJob> {
  const read = (key: string) => (there.has(key) ? readJson(key, {storage, signal}) : undefined);
  const [outcome, progress, trace] = await Promise.all([
    read(runKey(jobId, run, 'outcome')),
    read(progressKey(jobId)),
    read(runKey(jobId, run, 'trace')),
  ]);
  const ended = Ended.safeParse(outcome).data?.state;
  const state = ended === undefined ? 'running' : (STATES[ended as keyof typeof STATES] ?? 'waiting');
  const told = Trace.safeParse(trace).data;
  const when = told
    ? new Date(told.began + told.ended).toISOString()
    : ProgressFile.safeParse(progress).data?.updated;
  return {jobId, state, report: there.has(reportKey(jobId)), ...(when && {when})};
}
