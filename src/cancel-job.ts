import {randomUUID} from 'node:crypto';
import type {CancelJob, CancelResult} from './event.ts';
import {mp4} from './formats.ts';
import {type Claim, claimRun, endRun, type JobPlace, lastRun, readRecord} from './job-records.ts';
import {renderKey} from './keys.ts';
import {pause} from './pause.ts';
import {stopWorkers} from './run.ts';
import type {Storage} from './storage/storage.ts';

/** Milliseconds in which an orchestrator that lives has noticed, stopped its work and said so. */
const PATIENCE = 20_000;
/** Milliseconds between two looks. */
const LOOK = 500;

/**
 * Stops a job for good: whoever renders it notices within seconds, its film does not appear, and nobody can render
 * under this jobId again. A job that is finished stays so. One that nobody has heard of is cancelled too, since the word
 * to start it may still be on its way.
 */
export async function cancelJob(
  {jobId}: CancelJob,
  {storage}: {storage: Storage},
  signal: AbortSignal,
): Promise<CancelResult> {
  const place: JobPlace = {storage, jobId, signal};
  const owner = randomUUID();
  for (;;) {
    const last = await lastRun(place);
    const end = last?.outcome?.state;
    if (end === 'finished')
      return {jobId, state: 'finished', message: `Job ${jobId} was finished before; its film stays.`};
    const cancelled = {jobId, state: 'cancelled', message: `Job ${jobId} is cancelled.`} as const;
    if (end === 'cancelled') return cancelled;
    const running = last && !end;
    const number = running ? last.number : (last?.number ?? 0) + 1;
    const claim: Claim = running ? last.claim : {owner, root: number, handedOver: 0};
    if (!running && !(await claimRun(place, {number, claim}))) continue;
    if (!(await endRun(place, {number, outcome: {state: 'cancelled', owner}}))) continue;
    // Workers of a run that has handed over may still draw.
    if (last) await stopWorkers(place, last.claim);
    if (running) await untilEnded(place, number);
    await storage.delete([renderKey(jobId, mp4.extension)]);
    return cancelled;
  }
}

/** Waits until a run's owner says that it has ended, or has not said anything for long enough to be dead. */
async function untilEnded(place: JobPlace, number: number): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const beat = await readRecord(place, {number, record: 'beat'});
    if ((beat as {ended?: unknown} | undefined)?.ended) return;
    await pause(LOOK, place.signal);
  }
}
