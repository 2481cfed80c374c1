import {randomUUID} from 'node:crypto';
import {persist} from '../base/persist.ts';
import {withWorkDirectory} from '../base/work-directory.ts';
import type {FullRender, JobOrder, PartialRender} from '../model/event.ts';
import type {ContinuedResult, FullResult} from '../model/result.ts';
import type {HandOver, JobContext} from './context.ts';
import {drawFilm} from './draw-film.ts';
import {type FilmTarget, filmTarget} from './film-target.ts';
import {withAddresses} from './pictures.ts';
import type {JobPolicy} from './policy.ts';
import type {JobPorts} from './ports.ts';
import {publishFilm} from './publish-film.ts';
import type {RunContext, RunOrder} from './run-order.ts';
import {deleteFilm} from './runs/delete-film.ts';
import {identify} from './runs/identity.ts';
import {workerIntervals} from './runs/report-every.ts';
import {takeJob} from './runs/take-job.ts';
import type {ClaimedRun, KeptResult} from './runs/taken.ts';
import {type PublishedFilm, watchRun} from './runs/watch-run.ts';
import {carryVariables, readVariables} from './variables.ts';

/**
 * A whole render: it claims the job and plans the film. The engine renders the chunks while the sound is made. Then it joins,
 * verifies and publishes the film.
 *
 * The finished film appears under its key in one step or not at all. The same request, sent again, gets the same film.
 * Chunks of a run that died or failed are not rendered again. Temporary files are gone when this returns or throws.
 */
export async function renderJob(
  request: FullRender,
  ports: JobPorts,
  policy: JobPolicy,
  context: JobContext,
): Promise<FullResult | ContinuedResult> {
  const order = {...request, jobId: request.jobId ?? randomUUID()};
  const {renderer, storage, media, messenger, onEvent = () => {}} = ports;
  const {signal} = context;
  const target = filmTarget(order, ports);
  await messenger?.check(order);
  onEvent({state: 'planning', jobId: order.jobId});
  // A fault that would fail the job at its end fails it at its start.
  await Promise.all([target.storage.head(target.place.key, {signal}), media.check()]);
  const variables = await readVariables(order, {storage, signal});
  const fingerprint = await persist(() => renderer.fingerprint({signal, anew: true}), {signal});

  const identity = identify(order, {variables, fingerprint});
  const place = {storage, jobId: order.jobId, signal};
  const waiting = () => onEvent({state: 'waiting'});
  const taken = await takeJob({order, identity, target}, place, context, waiting);
  if (taken.state === 'elsewhere') return continues(order, target);
  if (taken.state === 'finished') {
    const result = await withAddress(taken.result, order, target);
    onEvent({state: 'finished', result});
    const ending = {type: 'success', result} as const;
    await messenger?.catchUp({jobId: order.jobId, run: taken.number, ending, request: order});
    return result;
  }
  const outcome = await renderRun(
    {order, target, variables, fingerprint, claimed: taken},
    ports,
    policy,
    context,
  );
  // Another invocation renders it now: this one waits for its film, as any sender of the event does.
  return outcome === 'taken over' ? renderJob(order, ports, policy, context) : outcome;
}

/** A job that this invocation has claimed. */
interface ClaimedJob extends Pick<RunOrder, 'order' | 'target' | 'variables' | 'fingerprint'> {
  claimed: ClaimedRun;
}

/** One run: from its first heartbeat to its outcome. */
async function renderRun(
  {order, target, variables, fingerprint, claimed}: ClaimedJob,
  ports: JobPorts,
  policy: JobPolicy,
  context: JobContext,
): Promise<FullResult | ContinuedResult | 'taken over'> {
  const {storage} = ports;
  const {jobId} = order;
  const {signal, handOver, own} = context;
  const {number, claim, inFlight} = claimed;
  const place = {storage, jobId, signal};
  const watch = watchRun({order, place, claimed}, ports, policy, context);
  const {run, emit} = watch;
  try {
    if (claimed.endless) throw claimed.endless;
    await watch.afford();
    const carried = await carryVariables({jobId, variables}, {storage, signal});
    const film: RunOrder = {
      order,
      target,
      variables,
      carried,
      fingerprint,
      run: {number, root: claim.root, handedOver: claim.handedOver},
      inFlight,
      every: workerIntervals(ports, own),
    };
    const published = await renderFilm(film, ports, policy, {run: run.signal, late: handOver?.signal, emit});
    if (published === 'late') {
      emit({state: 'handing over'});
      const stillDrawn = [...watch.inFlight.chunks];
      await run.end({state: 'handedOver', inFlight: stillDrawn, progress: watch.tracker.progress});
      await watch.end({outcome: 'handedOver'});
      await startNext(order, carried, handOver);
      return continues(order, target);
    }
    const result = await watch.conclude(published);
    const whole = await withAddress(result, order, target);
    await run.end({state: 'finished', result});
    emit({state: 'finished', result: whole});
    await watch.end({outcome: 'finished'});
    return whole;
  } catch (error) {
    const failure = await run.fail(error);
    // A job that is cancelled while it publishes must leave no film. The cancelling invocation deletes it as well.
    if (failure.name === 'Cancelled') await deleteFilm(place, {target, last: number}).catch(() => {});
    await watch.end({outcome: 'failed', error: failure});
    if (failure.name === 'JobTakenOver') return 'taken over';
    throw failure;
  } finally {
    await run.close();
  }
}

/** The signals that stop a run's work, and its event stream. */
interface FilmContext extends Pick<RunContext, 'emit'> {
  /** The run ends: cancelled, taken over, over its budget, or stopped by the caller. */
  run: AbortSignal;
  /** The invocation must end soon; left out where no other one can continue the job. */
  late: AbortSignal | undefined;
}

/** From the plan to the film under its key; `late` if another invocation must continue before that. */
async function renderFilm(
  film: RunOrder,
  ports: JobPorts,
  policy: JobPolicy,
  {run, late, emit}: FilmContext,
): Promise<PublishedFilm | 'late'> {
  const untilLate = late ? AbortSignal.any([run, late]) : run;
  return withWorkDirectory(async (directory) => {
    const context = {directory, emit};
    const drawn = await unlessLate(
      drawFilm(film, ports, policy, {...context, signal: untilLate, planning: run}),
      {run, late},
    );
    if (drawn === 'late') return 'late';
    // An invocation that rendered no chunk had all its time for publishing: the next one would not have more.
    const mayHandOver = drawn.counts.rendered > 0;
    const publishing = publishFilm(film, drawn, ports, {...context, signal: mayHandOver ? untilLate : run});
    return unlessLate(publishing, {run, late: mayHandOver ? late : undefined});
  });
}

/** The result of work, or `late` where only the invocation's time stopped it. */
async function unlessLate<T>(
  work: Promise<T>,
  {run, late}: Pick<FilmContext, 'run' | 'late'>,
): Promise<T | 'late'> {
  try {
    return await work;
  } catch (error) {
    if (late?.aborted && !run.aborted) return 'late';
    throw error;
  }
}

/** Starts the invocation that continues a job. A secret stays in the run's record, since Lambda may keep the event. */
async function startNext(
  {webhook, ...order}: JobOrder,
  carried: Pick<PartialRender, 'variables' | 'variablesStored'>,
  handOver: HandOver | undefined,
): Promise<void> {
  const event = webhook && webhook.secret === undefined ? {...order, webhook} : order;
  await handOver?.start({...event, ...carried});
}

async function withAddress(
  {jobId, state, ...rest}: KeptResult,
  {expiresIn}: JobOrder,
  {storage}: FilmTarget,
): Promise<FullResult> {
  const resultUrl = await storage.url(rest.key, {expiresIn});
  const pictures = await withAddresses(rest, {storage, expiresIn});
  return {jobId, state, resultUrl, ...rest, ...pictures};
}

function continues({jobId}: JobOrder, {place: {key}, storage: {bucket}}: FilmTarget): ContinuedResult {
  const message = `Job ${jobId} continues in another invocation. Send the same event again to wait for it; the film will be at "${key}".`;
  return {jobId, state: 'continues', bucket, key, message};
}
