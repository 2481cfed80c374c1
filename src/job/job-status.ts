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
  type JobRecords,
  lastRun,
  type RunState,
  readRunRecord,
  toBeat,
} from './runs/records.ts';
import {readVariables} from './variables.ts';

/** The state or the result of a job. */
export interface JobStatus {
  jobId: string;
  /**
   * `unknown`: no run has started, or its film was deleted, or overwritten, since. `running`: as far as is
   * known, an orchestrator renders it. `waiting`: it was handed over, or its run has died, and no run has
   * continued it yet. `cancelled`: for good. `failed` with `run` 0: every event for it was refused, or failed
   * before it had a run.
   */
  state: 'unknown' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';
  /** Which run of the job this is about, 1 for the first; 0 for none. Another one follows a hand-over, a death, a failure. */
  run: number;
  /** The run's heartbeat, a number that grows every 2 s. If it does not grow for 12 s, the run is dead. */
  beat: number;
  /** Left out until a run says something. */
  progress?: Progress;
  /** The result of a finished job, with a fresh address, valid for as long as the job's `expiresIn` says. */
  result?: FullResult;
  /** The error of a failed job. */
  error?: {errorType: string; errorMessage: string};
}

/**
 * Reports a job's state, with half a dozen small requests to the storage. It changes nothing: the next sender
 * of the job handles a run that seems dead. If an orchestrator died before it sent the notice of its job's
 * end, the messenger sends it.
 *
 * Rejects with `JobConflict` if the job has another request than `request`, and with `StorageGarbled` if a
 * record cannot be read. Errors of the storage pass through.
 */
export async function jobStatus(
  {jobId, invocation, request}: StatusJob,
  tools: Storages & Pick<JobPorts, 'messenger'> & {renderer?: Pick<Renderer, 'fingerprint'>},
  signal: AbortSignal,
): Promise<JobStatus> {
  const {storage, renderer} = tools;
  const refused = invocation && (await readRefusal({storage, jobId, invocation}, signal));
  if (refused) return {jobId, state: 'failed', run: 0, beat: 0, error: refused};
  const place: JobRecords = {storage, jobId, signal};
  const last = await lastRun(place);
  if (!last) {
    // A question about one invocation gets no other invocation's error.
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
  // A run that died, or was stopped before it could report, has another phase as its last.
  const reached = (phase: Progress['phase']) => (progress ? {progress: {...progress, phase}} : {});
  switch (outcome?.state) {
    case 'finished': {
      const {jobId, state, ...rest} = outcome.result;
      const films = storageOf(claim.film ?? {}, tools);
      const there = await films.head(rest.key, {signal});
      // A chosen key may hold another job's film by now.
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
