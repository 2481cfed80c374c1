import {randomUUID} from 'node:crypto';
import {RenderError} from '../base/errors.ts';
import {pause} from '../base/pause.ts';
import {within} from '../base/within.ts';
import type {CancelJob} from '../model/event.ts';
import {progressKey} from '../model/keys.ts';
import {ProgressFile} from '../model/progress.ts';
import {putRecord, readRecord} from '../storage/record.ts';
import type {Storages} from '../storage/storages.ts';
import {failedEnding} from './ending.ts';
import {defaultPlace, type FilmTarget, storageOf} from './film-target.ts';
import type {JobPorts} from './ports.ts';
import {lastRefusal} from './refusal.ts';
import {deleteFilm} from './runs/delete-film.ts';
import {
  type Claim,
  cancelledError,
  claimRun,
  endRun,
  type JobRecords,
  lastRun,
  type Outcome,
  type RunState,
  readClaim,
  readRunRecord,
} from './runs/records.ts';
import {stopWorkers} from './runs/run.ts';
import {CANCEL_POLL, CANCEL_RECORD, CANCEL_TIMEOUT} from './timing.ts';

/** The result of cancelling a job. */
export interface CancelResult {
  jobId: string;
  /** `finished` if the film was there before. */
  state: 'cancelled' | 'finished';
  message: string;
}

/**
 * Stops a job for good. Its orchestrator notices within seconds, its film does not appear, and its jobId
 * cannot be rendered again. A job that is finished stays so. A job without any run is cancelled with `force`;
 * its event may still be on its way.
 *
 * Rejects with `JobUnknown` for a job without any run, because its name may be a mistake. Other rejections
 * are `StorageGarbled` for a record that cannot be read, and the storage's errors.
 */
export async function cancelJob(
  {jobId, force}: CancelJob,
  tools: Storages & Pick<JobPorts, 'messenger'>,
  signal: AbortSignal,
): Promise<CancelResult> {
  const {storage} = tools;
  const place: JobRecords = {storage, jobId, signal};
  if (!force) await refuseUnknown(place);
  const {begun, running, run} = await endAsCancelled(place);
  if (run.outcome?.state === 'finished')
    return {jobId, state: 'finished', message: `Job ${jobId} was finished before; its film stays.`};
  // Also for a job that was cancelled before: that call may have died before this step. Workers of earlier runs may still draw.
  await stopWorkers(place, run.number);
  if (running) await untilEnded(place, run.number);
  // A run that died may have left a film. If the job had no run, a film of that name is an older one.
  if (begun) await deleteFilm(place, {target: await targetOf(run, place, tools), last: run.number});
  const ending = failedEnding(cancelledError(jobId));
  if (begun) await tools.messenger?.catchUp({jobId, run: run.number, ending});
  // The job is cancelled even if its progress cannot be written.
  await sayCancelled({...place, signal: within(CANCEL_RECORD)}).catch(() => {});
  const note = begun ? '' : ` No run of it has started in ${storage.bucket} so far, and none can start.`;
  return {jobId, state: 'cancelled', message: `Job ${jobId} is cancelled.${note}`};
}

/** Rejects with `JobUnknown` if a job has no record: neither a run, nor a refusal. */
async function refuseUnknown(place: JobRecords): Promise<void> {
  const {jobId, storage, signal} = place;
  if ((await lastRun(place)) || (await lastRefusal(place, signal))) return;
  throw new RenderError(
    'JobUnknown',
    `No run of job ${jobId} has started in ${storage.bucket}, so it was not cancelled. Check the name. If it was sent just now, cancel it again in a moment. "force": true also cancels a job that has not started: its jobId cannot be used for 30 days.`,
  );
}

/** Where the film is. If this call has claimed a run, the run before it has the place. */
async function targetOf(
  {number, claim}: RunState,
  records: JobRecords,
  storages: Storages,
): Promise<FilmTarget> {
  const before = number > 1 && !claim.film ? await readClaim(records, number - 1) : undefined;
  const place = claim.film ?? before?.film ?? defaultPlace(records.jobId);
  return {place, storage: storageOf(place, storages)};
}

/** Marks a job's progress as cancelled, for a run that can no longer do so. */
async function sayCancelled({storage, jobId, signal}: JobRecords): Promise<void> {
  const key = progressKey(jobId);
  const {data} = ProgressFile.safeParse(await readRecord(key, {storage, signal}));
  if (!data || data.phase === 'cancelled') return;
  const cancelled: ProgressFile = {...data, phase: 'cancelled', updated: new Date().toISOString()};
  await putRecord(key, cancelled, {storage, signal});
}

/** The run that says that a job is cancelled, or finished. */
interface LastRun {
  run: RunState;
  /** Whether the job had started. */
  begun: boolean;
  /** Whether an orchestrator renders it, and has yet to notice. */
  running: boolean;
}

async function endAsCancelled(place: JobRecords): Promise<LastRun> {
  const outcome: Outcome = {state: 'cancelled', owner: randomUUID()};
  for (;;) {
    const last = await lastRun(place);
    // Cancelling an unknown or ended job claims a run without a request.
    const begun = last !== undefined && (last.claim.identity !== undefined || last.number > 1);
    const end = last?.outcome?.state;
    if (last && (end === 'finished' || end === 'cancelled')) return {run: last, begun, running: false};
    if (last && !end) {
      if (await endRun(place, {number: last.number, outcome})) return {run: last, begun, running: true};
      continue;
    }
    const number = (last?.number ?? 0) + 1;
    const claim: Claim = {owner: outcome.owner, root: number, handedOver: 0};
    const claimed = await claimRun(place, {number, claim});
    if (claimed && (await endRun(place, {number, outcome})))
      return {run: {number, claim, outcome}, begun, running: false};
  }
}

/** Waits until a run's heartbeat says that it has ended, for `CANCEL_TIMEOUT` at most. */
async function untilEnded(place: JobRecords, number: number): Promise<void> {
  const until = performance.now() + CANCEL_TIMEOUT;
  while (performance.now() < until) {
    const beat = await readRunRecord(place, {number, record: 'beat'});
    if ((beat as {ended?: unknown} | undefined)?.ended) return;
    await pause(CANCEL_POLL, place.signal);
  }
}
