import {randomUUID} from 'node:crypto';
import {fromPayload, RenderError} from './errors.ts';
import type {FullRender, FullResult} from './event.ts';
import {
  cancelledError,
  claimRun,
  endRun,
  type Identity,
  type JobPlace,
  lastRun,
  type Outcome,
  type RunState,
  readOutcome,
  readRecord,
} from './job-records.ts';
import {sha256Hex} from './keys.ts';
import {pause} from './pause.ts';
import {BEAT, Run} from './run.ts';

/** Milliseconds without a sign of life after which a run counts as dead; by the clock of who waits, not by two clocks. */
const SILENCE = 6 * BEAT;
/** Milliseconds between two looks at somebody else's run. */
const LOOK = 1_000;
/**
 * How often a job may be handed over. Lambda by itself stops a function that invokes itself about 16 times in a row
 * (Lambda Developer Guide, "Use Lambda recursive loop detection"); at 15 minutes each this is more than three hours.
 */
export const MAX_HANDOVERS = 12;

/** Who gets a job. */
export type Taken =
  /** It is ours to render; `before` says which chunks workers of the run before still draw. */
  | {run: Run; inFlight: readonly number[]}
  /** Somebody has rendered it, without a presigned address. */
  | {result: Omit<FullResult, 'resultUrl'>}
  /** Somebody else still renders it, and the caller cannot wait any longer. */
  | {elsewhere: true};

interface TakeOptions extends JobPlace {
  identity: Identity;
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
  const {jobId, identity, signal, leave, onWait, storage} = options;
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
    if (outcome?.state === 'finished' && (await storage.head(outcome.result.key)))
      return {result: outcome.result};
    if (waited && outcome?.state === 'failed') throw fromPayload(outcome.error);
    if (waited && outcome?.state === 'handedOver') {
      // Whoever it was handed over to comes first; one that never starts must not end the job.
      const until = AbortSignal.any([AbortSignal.timeout(SILENCE), ...(leave ? [leave] : [])]);
      if (await nextRun(last as RunState, {...options, until})) continue;
      if (leave?.aborted) return {elsewhere: true};
    }
    const claim = nextClaim(last, {identity, owner, jobId});
    const number = (last?.number ?? 0) + 1;
    if (await claimRun(options, {number, claim})) {
      const inFlight = outcome?.state === 'handedOver' ? outcome.inFlight : [];
      return {run: new Run(options, {number, claim}), inFlight};
    }
  }
}

function nextClaim(
  last: RunState | undefined,
  {identity, owner, jobId}: {identity: Identity; owner: string; jobId: string},
) {
  if (last?.outcome?.state !== 'handedOver')
    return {owner, identity, root: (last?.number ?? 0) + 1, handedOver: 0};
  const handedOver = last.claim.handedOver + 1;
  if (handedOver <= MAX_HANDOVERS) return {owner, identity, root: last.claim.root, handedOver};
  throw new RenderError(
    'TimedOut',
    `Job ${jobId} was handed over ${MAX_HANDOVERS} times and is not done. Use more workers, or raise the function's time limit; chunks that are done are kept for a day.`,
  );
}

/** Waits for the end of somebody else's run, and ends it if it is dead. Returns false if `leave` fires before. */
async function followRun({number}: RunState, options: TakeOptions): Promise<boolean> {
  const {signal, leave} = options;
  let beat: unknown;
  let heard = performance.now();
  for (;;) {
    if (leave?.aborted) return false;
    if (await readOutcome(options, number)) return true;
    const now = JSON.stringify(await readRecord(options, {number, record: 'beat'}));
    if (now !== beat) heard = performance.now();
    beat = now;
    if (performance.now() - heard > SILENCE) {
      const outcome: Outcome = {state: 'lost', owner: randomUUID()};
      await endRun(options, {number, outcome});
      return true;
    }
    await pause(LOOK, signal);
  }
}

/** Waits until somebody has claimed the next run. Returns false if nobody has before `until` fires. */
async function nextRun(
  {number}: RunState,
  {until, ...place}: JobPlace & {until: AbortSignal},
): Promise<boolean> {
  while (!until.aborted) {
    if (await readRecord(place, {number: number + 1, record: 'claim'})) return true;
    await pause(LOOK, place.signal);
  }
  return false;
}

function refuseOther(asked: Identity, {claim}: RunState, jobId: string): void {
  const {identity} = claim;
  if (!identity) return;
  const names = new Set([...Object.keys(asked), ...Object.keys(identity)]);
  const different = [...names].filter((name) => asked[name] !== identity[name]);
  if (different.length === 0) return;
  const named = different.some((name) => name.startsWith('variables.'));
  const shown = different.flatMap((name) => {
    if (name === 'variables' && named) return [];
    if (name === 'project' || name.startsWith('variables')) return [`${name} (another one now)`];
    return [`${name} (${identity[name]} then, ${asked[name]} now)`];
  });
  throw new RenderError(
    'JobConflict',
    `jobId ${jobId} belongs to another request, which differs in ${shown.join(', ')}. Use another jobId.`,
  );
}

/** Variables that are told apart by name; all others only together. */
const NAMED_VARIABLES = 50;

/** What makes a request this one. Values of variables are kept as hashes: nobody needs them to compare. */
export function identify(
  {numWorkers, quality, frameHashes, silentTrack}: FullRender,
  {variables, fingerprint}: {variables: Readonly<Record<string, unknown>>; fingerprint: string},
): Identity {
  const hash = (value: unknown) => sha256Hex(JSON.stringify(value)).slice(0, 16);
  const each = Object.entries(variables).slice(0, NAMED_VARIABLES);
  return {
    numWorkers: String(numWorkers ?? 'by length'),
    quality,
    frameHashes: String(frameHashes),
    silentTrack: String(silentTrack),
    project: fingerprint,
    variables: hash(variables),
    ...Object.fromEntries(each.map(([name, value]) => [`variables.${name.slice(0, 100)}`, hash(value)])),
  };
}
