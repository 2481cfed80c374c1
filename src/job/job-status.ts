import type {StatusJob} from '../model/event.ts';
import type {Progress} from '../model/progress.ts';
import type {FullResult} from '../model/result.ts';
import type {Renderer} from '../renderers/renderer.ts';
import type {Storages} from '../storage/storages.ts';
import {failedEnding} from './ending.ts';
import {storageOf} from './film-target.ts';
import {withAddresses} from './pictures.ts';
import type {JobPorts} from './ports.ts';
import {lastRefusal, readRefusal} from './refusal.ts';
import {identify, refuseOther} from './runs/identity.ts';
import {
  cancelledError,
  type JobPlace,
  lastRun,
  type RunState,
  readRunRecord,
  toBeat,
} from './runs/records.ts';
import {readVariables} from './variables.ts';

/** How far a job is, or what became of it. */
export interface JobStatus {
  jobId: string;
  /**
   * `unknown`: nobody has begun it, or its film was deleted, or overwritten, since. `running`: somebody renders it, as far as
   * is known. `waiting`: it was handed over, or its run has died, and nobody goes on with it yet. `cancelled`: for good.
   * `failed` with `run` 0: every event for it was refused, or failed before it had a run.
   */
  state: 'unknown' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';
  /** Which run of the job this is about, 1 for the first; 0 for none. Another one follows a hand-over, a death, a failure. */
  run: number;
  /** The run's sign of life, a number that grows every 2 s; one that does not for 12 s is of a dead run. */
  beat: number;
  /** Left out until a run says something. See `ProgressTracker` for what holds. */
  progress?: Progress;
  /** Of a finished job, with a fresh address, good for as long as the job asked with `expiresIn`. */
  result?: FullResult;
  /** Of a failed job. */
  error?: {errorType: string; errorMessage: string};
}

/**
 * Says how far a job is, at half a dozen small requests to the storage. It changes nothing: a run that seems dead is left to
 * whoever sends the job again. Of an end whose orchestrator died before it had told of it, it has the messenger tell.
 *
 * Rejects with `JobConflict` where the job was asked for by another request than `request`, with `StorageGarbled` where a record makes no sense, or with what the storage rejects with.
 */
export async function jobStatus(
  {jobId, invocation, request}: StatusJob,
  tools: Storages & Pick<JobPorts, 'messenger'> & {renderer?: Pick<Renderer, 'fingerprint'>},
  signal: AbortSignal,
): Promise<JobStatus> {
  const {storage, renderer} = tools;
  const refused = invocation && (await readRefusal({storage, jobId, invocation}, signal));
  if (refused) return {jobId, state: 'failed', run: 0, beat: 0, error: refused};
  const place: JobPlace = {storage, jobId, signal};
  const last = await lastRun(place);
  if (!last) {
    // Who asks for one invocation hears of no other.
    const error = invocation ? undefined : await lastRefusal({storage, jobId}, signal);
    return {jobId, ...(error ? {state: 'failed', error} : {state: 'unknown'}), run: 0, beat: 0};
  }
  // One that failed may be followed by another request, one that was cancelled by none.
  const isOver = last.outcome?.state === 'failed' || last.outcome?.state === 'cancelled';
  if (request && renderer && !isOver) {
    const fingerprint = await renderer.fingerprint({signal, anew: true});
    const variables = await readVariables({...request, jobId}, {storage, signal});
    refuseOther(identify(request, {variables, fingerprint}), last, jobId);
  }
  const beat = toBeat(await readRunRecord(place, {number: last.number, record: 'beat'}));
  const expiresIn = request?.expiresIn ?? last.claim.film?.expiresIn;
  const about = {tools, signal, expiresIn, progress: beat?.progress};
  const state = await stateOf(last, about);
  const ending = endingIn(state, jobId);
  if (ending) await tools.messenger?.catchUp({jobId, run: last.number, ending});
  return {jobId, run: last.number, beat: beat?.count ?? 0, ...state};
}

/** The end that a job has come to, if it has. */
function endingIn({state, result, error}: Omit<JobStatus, 'jobId' | 'run' | 'beat'>, jobId: string) {
  if (result) return {type: 'success', result} as const;
  if (error) return failedEnding(error);
  return state === 'cancelled' ? failedEnding(cancelledError(jobId)) : undefined;
}

async function stateOf(
  {outcome, claim}: RunState,
  {
    tools,
    signal,
    expiresIn,
    progress,
  }: {
    tools: Storages;
    signal: AbortSignal;
    expiresIn: number | undefined;
    progress: Progress | undefined;
  },
): Promise<Pick<JobStatus, 'state' | 'progress' | 'result' | 'error'>> {
  // Who has died, or was stopped before it could say so, has said another phase last.
  const reached = (phase: Progress['phase']) => (progress ? {progress: {...progress, phase}} : {});
  switch (outcome?.state) {
    case 'finished': {
      const {jobId, state, ...rest} = outcome.result;
      const films = storageOf(claim.film ?? {}, tools);
      const there = await films.head(rest.key, {signal});
      // Under a key of somebody's choice may be another job's film by now.
      if (there?.bytes !== rest.bytes) return {state: 'unknown'};
      const resultUrl = await films.url(rest.key, {expiresIn});
      const pictures = await withAddresses(rest, {storage: films, expiresIn});
      return {state, ...reached('done'), result: {jobId, state, resultUrl, ...rest, ...pictures}};
    }
    case 'failed': {
      const {errorType, errorMessage} = outcome.error;
      return {state: 'failed', ...reached('failed'), error: {errorType, errorMessage}};
    }
    case 'cancelled':
      return {state: 'cancelled', ...reached('cancelled')};
    case undefined:
      return {state: 'running', ...(progress && {progress})};
    default:
      return {state: 'waiting', ...(progress && {progress})};
  }
}
