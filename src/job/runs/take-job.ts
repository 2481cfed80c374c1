import {randomUUID} from 'node:crypto';
import {fromPayload, RenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {persist} from '../../base/persist.ts';
import {progressKey} from '../../model/keys.ts';
import {Progress, ProgressFile} from '../../model/progress.ts';
import type {FullResult} from '../../model/result.ts';
import {readRecord} from '../../storage/record.ts';
import {type FilmPlace, type Storages, storageOf} from '../film-place.ts';
import {differences, refuseOther} from './identity.ts';
import {
  cancelledError,
  claimRun,
  endRun,
  type Identity,
  type JobPlace,
  type LocalProject,
  lastRun,
  type Outcome,
  type RunState,
  readOutcome,
  readRunRecord,
  toBeat,
} from './records.ts';
import {BEAT, Run} from './run.ts';

/** Milliseconds without a sign of life after which a run counts as dead; by the clock of who waits, not by two clocks. */
const SILENCE = 6 * BEAT;
/** Milliseconds between two looks at somebody else's run. */
const LOOK = 1_000;
/**
 * How often a job may be handed over. Lambda by itself stops a function that invokes itself about 16 times in
 * a row (Lambda Developer Guide, "Use Lambda recursive loop detection"). At 15 minutes each, this limit is
 * more than three hours.
 */
export const MAX_HANDOVERS = 12;

/**
 * How many runs of a job in a row may fall silent and be taken over. What stops one orchestrator may stop each: too little
 * memory for the film, or text that it never gets done with.
 */
export const MAX_TAKEOVERS = 5;

/** Who gets a job. */
export type Taken =
  /** It is ours to render; `inFlight` says which chunks workers of the run before still draw, `endless` that it is to fail. */
  | {run: Run; inFlight: readonly number[]; endless: RenderError | undefined}
  /** Somebody has rendered it, without a presigned address. */
  | {result: Omit<FullResult, 'resultUrl'>; number: number}
  /** Somebody else still renders it, and the caller cannot wait any longer. */
  | {elsewhere: true};

interface TakeOptions extends JobPlace, Storages {
  film: FilmPlace;
  identity: Identity;
  /** What is asked for, as it may be kept. */
  request: Record<string, unknown>;
  /** What it is rendered from, where that is a project of this machine. */
  local?: LocalProject | undefined;
  /** Lambda's name of this invocation. */
  invocation?: string | undefined;
  /** Ends the waiting for somebody else's run. */
  leave?: AbortSignal | undefined;
  /** Told once that somebody else renders the job. */
  onWait?: (() => void) | undefined;
}

/**
 * Claims a job for this invocation, or has what became of it from whoever has it. A run that gives no sign of life is
 * taken over.
 *
 * Rejects with `JobConflict` for another request under this jobId, `Cancelled`, `TimedOut` after too many hand-overs,
 * or with the error that the run failed with that was waited for.
 */
export async function takeJob(options: TakeOptions): Promise<Taken> {
  const {jobId, identity, request, local, invocation, signal, leave, onWait, film} = options;
  const owner = randomUUID();
  let waited = false;
  for (;;) {
    signal.throwIfAborted();
    const last = await lastRun(options);
    if (last?.outcome?.state === 'cancelled') throw cancelledError(jobId);
    // One that failed has no film, and may well be tried with more workers.
    if (last && last.outcome?.state !== 'failed') refuseOther(identity, last, jobId);
    if (last && !last.outcome) {
      if (!waited) onWait?.();
      waited = true;
      if (!(await followRun(last, options))) return {elsewhere: true};
      continue;
    }
    const outcome = last?.outcome;
    // Who has deleted the film wants another one.
    if (outcome?.state === 'finished') {
      const {result} = outcome;
      // The same request, and so the same place; where somebody has chosen that, another film may be there by now.
      const there = await persist(() => storageOf(film, options).head(result.key), {signal});
      if (there?.bytes === result.bytes) return {result, number: last?.number ?? 1};
    }
    if (last && outcome?.state === 'failed') {
      // Lambda delivers an event again that failed, and would be told the same again at the same price.
      const isAgain = invocation !== undefined && last.claim.invocation === invocation;
      // What ended its owner alone is no news for who waits.
      const isOurs = waited && outcome.error.errorType !== 'Aborted';
      if (isAgain || isOurs) throw fromPayload(outcome.error);
    }
    if (waited && outcome?.state === 'handedOver') {
      // Whoever it was handed over to comes first; one that never starts must not end the job.
      if (await nextRun(last as RunState, options)) continue;
      if (leave?.aborted) return {elsewhere: true};
    }
    const number = (last?.number ?? 0) + 1;
    const continued = outcome?.state === 'handedOver' ? last?.claim : undefined;
    const lost = outcome?.state === 'lost' ? (last?.claim.lost ?? 0) + 1 : (continued?.lost ?? 0);
    const claim = {
      ...{owner, identity, request, invocation, film, root: continued?.root ?? number},
      handedOver: continued ? continued.handedOver + 1 : 0,
      ...(local && {local}),
      ...(lost > 0 && {lost}),
    };
    if (!(await claimRun(options, {number, claim}))) continue;
    const before = await progressBefore(last, options);
    const run = new Run(options, {number, claim, before});
    const endless =
      claim.handedOver > MAX_HANDOVERS
        ? endlessly(jobId)
        : lost > MAX_TAKEOVERS
          ? silencing(jobId, lost)
          : undefined;
    return {run, inFlight: outcome?.state === 'handedOver' ? outcome.inFlight : [], endless};
  }
}

/** How far the run was that this request goes on with: as it has said last, wherever. */
async function progressBefore(
  last: RunState | undefined,
  options: TakeOptions,
): Promise<Progress | undefined> {
  const {outcome} = last ?? {};
  if (!last || !outcome || outcome.state === 'finished' || outcome.state === 'cancelled') return undefined;
  if (outcome.state === 'failed' && differences(options.identity, last).length > 0) return undefined;
  const {storage, jobId, signal} = options;
  const kept = await persist(() => readRecord(progressKey(jobId), {storage, signal}), {signal});
  const file = ProgressFile.safeParse(kept).data;
  const beat = toBeat(await readRunRecord(options, {number: last.number, record: 'beat'}))?.progress;
  const told = [
    'progress' in outcome ? outcome.progress : undefined,
    beat,
    // Parsed once more, so that what only the file says is left out.
    file?.run === last.number ? Progress.parse(file) : undefined,
  ];
  return told.reduce((one, other) => {
    if (!one || !other) return one ?? other;
    return other.elapsedSeconds > one.elapsedSeconds ? other : one;
  });
}

/** Of a job that goes on for ever; whoever sends it again begins a new row of hand-overs. */
const endlessly = (jobId: string): RenderError =>
  new RenderError(
    'TimedOut',
    `Job ${jobId} was handed over ${MAX_HANDOVERS} times and is not done. Use more workers, or raise the function's time limit; chunks that are done are kept for a day.`,
  );

/** Of a job whose orchestrators fall silent, one after the other; whoever sends it again begins a new row. */
const silencing = (jobId: string, lost: number): RenderError =>
  new RenderError(
    'WorkerCrashed',
    `The orchestrators of ${lost} runs of job ${jobId} in a row died or gave no sign of life for ${SILENCE / 1000} s. Give the function more memory, or make the film shorter; chunks that are done are kept for a day.`,
  );

/** Waits for the end of somebody else's run, and ends it if it is dead. Returns false if `leave` fires before. */
async function followRun({number}: RunState, options: TakeOptions): Promise<boolean> {
  const {signal, leave} = options;
  let beat: string | undefined;
  let heard = performance.now();
  for (;;) {
    if (leave?.aborted) return false;
    const asked = performance.now();
    if (await readOutcome(options, number)) return true;
    const sign = await readRunRecord(options, {number, record: 'beat'});
    const now = JSON.stringify(sign) ?? '';
    // On Lambda, who waits takes up room that its workers may need. Who is dead needs none, whatever it said last.
    const isAlive = beat !== undefined && now !== beat;
    if (leave && isAlive && toBeat(sign)?.starved) return false;
    // While the storage could not be read, the other run could not write to it either.
    const isLate = performance.now() - asked > SILENCE / 2;
    if (now !== beat || isLate) heard = performance.now();
    beat = now;
    if (performance.now() - heard > SILENCE) {
      const outcome: Outcome = {state: 'lost', owner: randomUUID(), progress: toBeat(sign)?.progress};
      await endRun(options, {number, outcome});
      return true;
    }
    await pause(LOOK, signal);
  }
}

/** Waits until somebody has claimed the next run. Returns false if nobody does, or if `leave` fires before. */
async function nextRun({number}: RunState, {leave, ...place}: TakeOptions): Promise<boolean> {
  const until = performance.now() + SILENCE;
  while (performance.now() < until && !leave?.aborted) {
    if (await readRunRecord(place, {number: number + 1, record: 'claim'})) return true;
    await pause(LOOK, place.signal);
  }
  return false;
}
