import {randomUUID} from 'node:crypto';
import {fromPayload, RenderError} from '../../base/errors.ts';
import type {JobOrder} from '../../model/event.ts';
import type {JobContext} from '../context.ts';
import type {FilmTarget} from '../film-target.ts';
import {SILENCE} from '../timing.ts';
import {awaitEnd, awaitNext} from './await-run.ts';
import {refuseOther} from './identity.ts';
import {progressBefore} from './progress-before.ts';
import {
  type Claim,
  cancelledError,
  claimRun,
  type Identity,
  type JobRecords,
  lastRun,
  type RunState,
} from './records.ts';
import {shownRequest} from './shown-request.ts';
import type {Taken} from './taken.ts';

/**
 * How often a job may be handed over. Lambda by itself stops a function that invokes itself about 16 times in
 * a row (Lambda Developer Guide, "Use Lambda recursive loop detection"). At 15 minutes each, this limit is
 * more than three hours.
 */
export const MAX_HANDOVERS = 12;

/**
 * How many runs of a job in a row may fall silent and be taken over. The cause may stop each orchestrator:
 * too little memory for the film, or text that takes forever.
 */
export const MAX_TAKEOVERS = 5;

/** A job to claim. */
export interface TakeOrder {
  order: JobOrder;
  identity: Identity;
  target: FilmTarget;
}

/**
 * Claims a job for this invocation, or waits for the result of the invocation that has it. A run without heartbeats is
 * taken over.
 *
 * Rejects with `JobConflict` for another request under this jobId, `Cancelled`, or `TimedOut` after too many
 * hand-overs. If it waited for a run that failed, it rejects with that run's error.
 *
 * @param onWait called once if another invocation renders the job
 */
export async function takeJob(
  {order, identity, target}: TakeOrder,
  place: JobRecords,
  context: JobContext,
  onWait: () => void,
): Promise<Taken> {
  const {jobId, signal} = place;
  const {invocation, handOver} = context;
  const leave = handOver?.signal;
  const owner = randomUUID();
  let waited = false;
  for (;;) {
    signal.throwIfAborted();
    const last = await lastRun(place);
    const outcome = last?.outcome;
    if (outcome?.state === 'cancelled') throw cancelledError(jobId);
    // A failed job has no film, and another try may use more workers.
    if (last && outcome?.state !== 'failed') refuseOther(identity, last, jobId);
    if (last && !outcome) {
      if (!waited) onWait();
      waited = true;
      if (!(await awaitEnd(last, place, leave))) return {state: 'elsewhere'};
      continue;
    }
    if (last && outcome?.state === 'finished') {
      const {result} = outcome;
      // After its film was deleted, the job renders again. A key of the user's choice may hold another film by now.
      const there = await target.storage.head(result.key, {signal});
      if (there?.bytes === result.bytes) return {state: 'finished', result, number: last.number};
    }
    if (last && outcome?.state === 'failed') {
      // Lambda delivers a failed event again: the same answer, at the same price.
      const isAgain = invocation !== undefined && last.claim.invocation === invocation;
      // The end of its owner alone does not concern those who wait.
      const isOurs = waited && outcome.error.errorType !== 'Aborted';
      if (isAgain || isOurs) throw fromPayload(outcome.error);
    }
    if (last && waited && outcome?.state === 'handedOver') {
      // The invocation that it was handed over to comes first; one that never starts must not end the job.
      if (await awaitNext(last, place, leave)) continue;
      if (leave?.aborted) return {state: 'elsewhere'};
    }
    const number = (last?.number ?? 0) + 1;
    const record = {owner, identity, request: shownRequest(order), invocation, film: target.place};
    const claim = nextClaim(record, last, context);
    if (!(await claimRun(place, {number, claim}))) continue;
    const before = await progressBefore(last, identity, place);
    const inFlight = outcome?.state === 'handedOver' ? outcome.inFlight : [];
    return {state: 'ours', number, claim, before, inFlight, endless: endless(claim, jobId)};
  }
}

/** The claim of the run after `last`: hand-overs and lost runs in a row are counted on. */
function nextClaim(
  record: Omit<Claim, 'root' | 'handedOver'>,
  last: RunState | undefined,
  {local}: JobContext,
): Claim {
  const {outcome} = last ?? {};
  const continued = outcome?.state === 'handedOver' ? last?.claim : undefined;
  const lost = outcome?.state === 'lost' ? (last?.claim.lost ?? 0) + 1 : (continued?.lost ?? 0);
  return {
    ...record,
    root: continued?.root ?? (last?.number ?? 0) + 1,
    handedOver: continued ? continued.handedOver + 1 : 0,
    ...(local && {local}),
    ...(lost > 0 && {lost}),
  };
}

/** Why a run must fail at once: a new event begins a new row of hand-overs and lost runs. */
function endless({handedOver, lost = 0}: Claim, jobId: string): RenderError | undefined {
  if (handedOver > MAX_HANDOVERS)
    return new RenderError(
      'TimedOut',
      `Job ${jobId} was handed over ${MAX_HANDOVERS} times and is not done. Use more workers, or raise the function's time limit; chunks that are done are kept for a day.`,
    );
  if (lost > MAX_TAKEOVERS)
    return new RenderError(
      'WorkerCrashed',
      `The orchestrators of ${lost} runs of job ${jobId} in a row died or sent no heartbeat for ${SILENCE / 1000} s. Give the function more memory, or make the film shorter; chunks that are done are kept for a day.`,
    );
  return undefined;
}
