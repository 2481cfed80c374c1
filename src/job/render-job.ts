import {randomUUID} from 'node:crypto';
import {RenderError} from '../base/errors.ts';
import {persist} from '../base/persist.ts';
import {stopwatch} from '../base/stopwatch.ts';
import {together} from '../base/together.ts';
import {cleanWarnings} from '../base/warnings.ts';
import {withWorkDirectory} from '../base/work-directory.ts';
import {chooseWorkers} from '../cost/choose-workers.ts';
import {findFfmpeg} from '../media/ffmpeg.ts';
import {makeSoundtrack} from '../media/sound/soundtrack.ts';
import type {FullRender} from '../model/event.ts';
import {planChunks} from '../model/plan.ts';
import type {ContinuedResult, FullResult} from '../model/result.ts';
import type {Timeline} from '../model/timeline.ts';
import {secretWarning} from '../model/webhook-secret.ts';
import {patientStorage} from '../storage/patient-storage.ts';
import type {Storage} from '../storage/storage.ts';
import {type FilmPlace, filmPlace, type Storages, storageOf} from './film-place.ts';
import {obtainChunks} from './job-chunks.ts';
import type {HandOver, JobOptions, JobTools} from './job-tools.ts';
import {checkPictures, withAddresses} from './pictures.ts';
import {type DrawnFilm, type FilmJob, publishFilm} from './publish-film.ts';
import {deleteFilm} from './runs/delete-film.ts';
import {identify} from './runs/identity.ts';
import {shownRequest} from './runs/shown-request.ts';
import {takeJob} from './runs/take-job.ts';
import {type PublishedFilm, type Result, tellEvery, watchRun} from './runs/watch-run.ts';
import {carryVariables, readVariables} from './variables.ts';

/**
 * A whole render: claim the job, ask the project what it is, draw its chunks somewhere and make its sound meanwhile,
 * merge, see that the film is what was planned, publish.
 *
 * The finished film appears under its key in one step or not at all. Whoever sends the same request again gets the same
 * film, and what a run has drawn before it died or failed is not drawn again. Temporary files are gone when this returns
 * or throws.
 */
export async function renderJob(
  request: FullRender,
  impatient: JobTools,
  options: JobOptions,
): Promise<FullResult | ContinuedResult> {
  const tools = patientTools(impatient, options);
  const {renderer, storage, onEvent = () => {}} = tools;
  const {jobId = randomUUID()} = request;
  const {signal, handOver, invocation, own, left} = options;
  const film = filmPlace(request, {jobId, tools});
  const films = storageOf(film, tools);
  await tools.messenger?.check(request);
  onEvent({state: 'planning', jobId});
  // What would make the job fail at its end is found out at its start.
  await Promise.all([persist(() => films.head(film.key), {signal}), findFfmpeg()]);
  const variables = await readVariables({...request, jobId}, {storage, signal});
  const fingerprint = await persist(() => renderer.fingerprint({signal, anew: true}), {signal});

  const taken = await takeJob({
    ...{...tools, jobId, film, signal, invocation, leave: handOver?.signal},
    identity: identify(request, {variables, fingerprint}),
    request: shownRequest({...request, jobId}),
    onWait: () => onEvent({state: 'waiting'}),
  });
  if ('elsewhere' in taken) return continues(jobId, film, tools);
  if ('result' in taken) {
    const result = await withAddress(taken.result, request, tools);
    const ending = {type: 'success', result} as const;
    onEvent({state: 'finished', result});
    await tools.messenger?.catchUp({jobId, run: taken.number, ending, request});
    return result;
  }

  const {run, inFlight} = taken;
  const place = {storage, jobId, signal};
  const watch = watchRun({place, run, request: {...request, jobId}, tools, own, left});
  try {
    if (taken.endless) throw taken.endless;
    await watch.afford();
    const carried = await carryVariables({jobId, variables}, {storage, signal});
    const drawing = new Set<number>();
    const ours = {carried, fingerprint, inFlight, drawing, tellEvery: tellEvery(tools, own), run};
    const job: FilmJob = {...request, jobId, variables, film, ...ours};
    const made = await renderFilm(job, {...tools, onEvent: watch.onEvent}, handOver);
    if (!made) {
      watch.onEvent({state: 'handing over'});
      await run.end({state: 'handedOver', inFlight: [...drawing], progress: run.tell()});
      await watch.end({outcome: 'handedOver'});
      await handOver?.start({...withoutSecret(request), jobId, ...carried});
      return continues(jobId, film, tools);
    }
    const result = await watch.conclude(made);
    const whole = await withAddress(result, request, tools);
    await run.end({state: 'finished', result});
    watch.onEvent({state: 'finished', result: whole});
    await watch.end({outcome: 'finished'});
    return whole;
  } catch (error) {
    const failure = await run.fail(error);
    // Whoever cancels a job that is being published wants no film. Who has cancelled it deletes it as well.
    if (failure.name === 'Cancelled')
      await deleteFilm(place, {film, last: run.number, tools}).catch(() => {});
    await watch.end({outcome: 'failed', error: failure});
    // Somebody else renders it now: wait with all the others.
    if (failure.name === 'JobTakenOver') return renderJob({...request, jobId}, impatient, options);
    throw failure;
  } finally {
    await run.close();
  }
}

/** A request as another invocation is sent it: a secret stays in the run's record, since Lambda may keep the event. */
function withoutSecret({webhook, ...request}: FullRender): FullRender {
  return webhook && webhook.secret === undefined ? {...request, webhook} : request;
}

/** The same tools with storages that wait for an outage to end. */
function patientTools(tools: JobTools, {signal}: JobOptions): JobTools {
  const {storage, storageFor, patience} = tools;
  const patient = (one: Storage) => patientStorage(one, {patience, signal});
  return {
    ...{...tools, storage: patient(storage)},
    ...(storageFor && {storageFor: (bucket: string) => patient(storageFor(bucket))}),
  };
}

async function withAddress(result: Result, request: FullRender, tools: JobTools): Promise<FullResult> {
  const {jobId, state, ...rest} = result;
  const films = storageOf(filmPlace(request, {jobId, tools}), tools);
  const resultUrl = await films.url(result.key, {expiresIn: request.expiresIn});
  const pictures = await withAddresses(rest, {storage: films, expiresIn: request.expiresIn});
  return {jobId, state, resultUrl, ...rest, ...pictures};
}

function continues(jobId: string, film: FilmPlace, tools: Storages): ContinuedResult {
  const {bucket} = storageOf(film, tools);
  const {key} = film;
  const message = `Job ${jobId} goes on in another invocation. Send the same event again to wait for it; the film will be at "${key}".`;
  return {jobId, state: 'continues', bucket, key, message};
}

/** From the plan to the film under its key; undefined if it is to be handed over before. */
async function renderFilm(
  job: FilmJob,
  tools: JobTools,
  handOver: HandOver | undefined,
): Promise<PublishedFilm | undefined> {
  const late = handOver?.signal;
  let signal = AbortSignal.any([job.run.signal, ...(late ? [late] : [])]);
  try {
    return await withWorkDirectory(async (directory) => {
      const drawn = await drawFilm(job, tools, {directory, signal});
      // Who has drawn nothing has had all the time there is: another one would not have more.
      if (drawn.counts.rendered === 0) signal = job.run.signal;
      return publishFilm(job, {...drawn, directory, signal}, tools);
    });
  } catch (error) {
    if (signal.aborted && late?.aborted && !job.run.signal.aborted) return undefined;
    throw error;
  }
}

/** Asks the project what it is, and has its chunks and its sound made. */
async function drawFilm(
  job: FilmJob,
  tools: JobTools,
  {directory, signal}: {directory: string; signal: AbortSignal},
): Promise<DrawnFilm> {
  const {renderer, engine, attempts, onEvent = () => {}} = tools;
  const clock = stopwatch();
  // Not handed over before it is done: another invocation would have to begin with it too.
  const timeline = await planFilm(job, tools, directory);
  checkPictures(job, timeline);
  signal.throwIfAborted();
  const chunks = planChunks(timeline.frames, job.numWorkers ?? chooseWorkers(timeline.frames, job.quality));
  const planning = clock.lap();

  onEvent({state: 'rendering', timeline, workers: chunks.length});
  // Only Lambda keeps events.
  const ofSecret = engine.name === 'lambda' ? secretWarning(job.webhook) : undefined;
  const early = cleanWarnings([...(ofSecret ? [ofSecret] : []), ...(timeline.warnings ?? [])]);
  for (const message of early) onEvent({state: 'warned', message});
  const locate = (src: string) => renderer.locate(src);
  const makeSound = async (stop: AbortSignal) => {
    const took = stopwatch();
    const mix = () => makeSoundtrack({...timeline, locate, directory, signal: stop});
    const made = await persist(mix, {signal: stop, attempts});
    onEvent({state: 'sound', seconds: took.total()});
    return made;
  };
  const [drawn, firstSound] = await together(signal, (stop) => [
    obtainChunks({...job, chunks, directory, signal: stop}, tools),
    makeSound(stop),
  ]);
  // What is seen and what is heard are of the same files.
  const sound = drawn.mediaChanged ? await makeSound(signal) : firstSound;
  // In the order of the film, whichever chunk was done first.
  const warnings = cleanWarnings([...early, ...drawn.chunks.flatMap((chunk) => chunk.warnings ?? [])]);
  for (const message of warnings.slice(early.length)) onEvent({state: 'warned', message});
  return {...drawn, timeline, sound, warnings, clock, seconds: {planning, rendering: clock.lap()}};
}

async function planFilm({variables, run}: FilmJob, tools: JobTools, directory: string): Promise<Timeline> {
  const {renderer, attempts} = tools;
  const {signal} = run;
  try {
    return await persist(() => renderer.plan(variables, {directory, signal}), {signal, attempts});
  } catch (error) {
    if (!(error instanceof RenderError) || error.name !== 'TimedOut') throw error;
    const message =
      'To count the frames of the film alone takes longer than the function may run. Raise its time limit or its memory, or make the film shorter.';
    throw new RenderError('TimedOut', message, {cause: error});
  }
}
