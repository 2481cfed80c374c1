import {randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {chooseWorkers} from './cost/choose-workers.ts';
import type {Dispatched} from './dispatch.ts';
import {RenderError, toRenderError} from './errors.ts';
import type {FullRender} from './event.ts';
import {findFfmpeg} from './ffmpeg.ts';
import {type FilmPlace, filmPlace, type Storages, storageOf} from './film-place.ts';
import {mp4} from './formats.ts';
import {type Job, obtainChunks} from './job-chunks.ts';
import type {HandOver, JobOptions, JobTools} from './job-tools.ts';
import {hashesKey, runKey} from './keys.ts';
import {mergeFilm} from './merge.ts';
import {persist} from './persist.ts';
import {checkPictures, putPictures, withAddresses} from './pictures.ts';
import {planChunks} from './plan.ts';
import type {ChunkFile, Renderer, Timeline} from './renderer.ts';
import {makeContactSheet} from './report/contact-sheet.ts';
import type {ContinuedResult, FullResult} from './result.ts';
import {aboutToStore, deleteFilm} from './runs/delete-film.ts';
import {identify, takeJob} from './runs/take-job.ts';
import {type PublishedFilm, type Result, tellEvery, watchRun} from './runs/watch-run.ts';
import {makeSoundtrack, type Soundtrack} from './soundtrack.ts';
import {type Stopwatch, stopwatch} from './stopwatch.ts';
import {putJson} from './storage/json.ts';
import {together} from './together.ts';
import {carryVariables, readVariables} from './variables.ts';
import {verifyFilm} from './verify-film.ts';
import {REVIDEO_VERSION, VERSION} from './version.ts';
import {withWorkDirectory} from './work-directory.ts';

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
  tools: JobTools,
  options: JobOptions,
): Promise<FullResult | ContinuedResult> {
  const {renderer, storage, onEvent = () => {}} = tools;
  const {jobId = randomUUID()} = request;
  const {signal, handOver, invocation, own} = options;
  const film = filmPlace(request, {jobId, tools});
  const films = storageOf(film, tools);
  await tools.messenger?.check(request);
  onEvent({state: 'planning', jobId});
  // What would make the job fail at its end is found out at its start.
  await Promise.all([persist(() => films.head(film.key), {signal}), findFfmpeg()]);
  const variables = await readVariables({...request, jobId}, {storage, signal});
  const fingerprint = await persist(() => renderer.fingerprint({signal}), {signal});

  const taken = await takeJob({
    ...{...tools, jobId, film, signal, invocation, leave: handOver?.signal},
    identity: identify(request, {variables, fingerprint}),
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
  const watch = watchRun({place, run, request: {...request, jobId}, tools, own});
  try {
    const carried = await carryVariables({jobId, variables}, {storage, signal});
    const drawing = new Set<number>();
    const ours = {carried, fingerprint, inFlight, drawing, tellEvery: tellEvery(tools, own), run};
    const job: FilmJob = {...request, jobId, variables, film, ...ours};
    const made = await renderFilm(job, {...tools, onEvent: watch.onEvent}, handOver);
    if (!made) {
      watch.onEvent({state: 'handing over'});
      await run.end({state: 'handedOver', inFlight: [...drawing], progress: run.tell()});
      await watch.end({outcome: 'handedOver'});
      await handOver?.start({...request, jobId, ...carried});
      return continues(jobId, film, tools);
    }
    const result = await watch.conclude(made);
    await run.end({state: 'finished', result});
    const whole = await withAddress(result, request, tools);
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
    if (failure.name === 'JobTakenOver') return renderJob({...request, jobId}, tools, options);
    throw failure;
  } finally {
    await run.close();
  }
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

interface FilmJob extends Job {
  film: FilmPlace;
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

interface DrawnFilm extends Dispatched<ChunkFile> {
  timeline: Timeline;
  sound: Soundtrack;
  clock: Stopwatch;
  seconds: {planning: number; rendering: number};
}

/** Asks the project what it is, and has its chunks and its sound made. */
async function drawFilm(
  job: FilmJob,
  tools: JobTools,
  {directory, signal}: {directory: string; signal: AbortSignal},
): Promise<DrawnFilm> {
  const {renderer, onEvent = () => {}} = tools;
  const clock = stopwatch();
  // Not handed over before it is done: another invocation would have to begin with it too.
  const timeline = await planFilm(job, renderer, directory);
  checkPictures(job, timeline);
  signal.throwIfAborted();
  const chunks = planChunks(timeline.frames, job.numWorkers ?? chooseWorkers(timeline.frames, job.quality));
  const planning = clock.lap();

  onEvent({state: 'rendering', timeline, workers: chunks.length});
  const locate = (src: string) => renderer.locate(src);
  const makeSound = async (stop: AbortSignal) => {
    const took = stopwatch();
    const made = await persist(() => makeSoundtrack({...timeline, locate, directory, signal: stop}), {
      signal: stop,
    });
    onEvent({state: 'sound', seconds: took.total()});
    return made;
  };
  const [drawn, early] = await together(signal, (stop) => [
    obtainChunks({...job, chunks, directory, signal: stop}, tools),
    makeSound(stop),
  ]);
  // What is seen and what is heard are of the same files.
  const sound = drawn.mediaChanged ? await makeSound(signal) : early;
  return {...drawn, timeline, sound, clock, seconds: {planning, rendering: clock.lap()}};
}

async function planFilm({variables, run}: FilmJob, renderer: Renderer, directory: string): Promise<Timeline> {
  const {signal} = run;
  try {
    return await persist(() => renderer.plan(variables, {directory, signal}), {signal});
  } catch (error) {
    if (!(error instanceof RenderError) || error.name !== 'TimedOut') throw error;
    const message =
      'To count the frames of the film alone takes longer than the function may run. Raise its time limit or its memory, or make the film shorter.';
    throw new RenderError('TimedOut', message, {cause: error});
  }
}

/** Merges what was drawn, sees that the film is what was planned, and puts it under its key. */
async function publishFilm(
  {jobId, film, output, frameHashes, silentTrack, poster, thumbnails, run}: FilmJob,
  drawn: DrawnFilm & {directory: string; signal: AbortSignal},
  tools: JobTools,
): Promise<PublishedFilm> {
  const {chunks, counts, timeline, sound, clock, directory, signal} = drawn;
  const {storage, onEvent = () => {}} = tools;
  const films = storageOf(film, tools);
  onEvent({state: 'merging'});
  const soundtrack = sound.silent && !silentTrack ? undefined : sound.path;
  const comment = `Job ${jobId}, revideo-lambda ${VERSION}, Revideo ${REVIDEO_VERSION}`;
  const metadata = {title: jobId, comment};
  const merge = {chunks, consume: true, soundtrack, timeline, metadata, format: mp4, directory, signal};
  const path = await mergeFilm(merge);
  await verifyFilm({path, timeline, sound: Boolean(soundtrack)});
  const merging = clock.lap();

  onEvent({state: 'publishing'});
  const {size: bytes} = await stat(path);
  const hashes = frameHashes && hashesKey(jobId);
  if (hashes) {
    const all = chunks.flatMap((file) => file.hashes ?? []);
    await persist(() => putJson(hashes, all, {storage, signal}), {signal});
  }
  // Whoever cancels the job has to know whether what is under a key of somebody's choice may be of it.
  const mark = runKey(jobId, run.number, 'storing');
  const keys = aboutToStore({bucket: films.bucket, key: film.key, poster, thumbnails});
  if (film.chosen) await persist(() => putJson(mark, keys, {storage, signal}), {signal});
  const at = {film: path, key: film.key, timeline, storage: films, directory, signal};
  const [pictures, sheet] = await together(signal, (stop) => [
    putPictures({poster, thumbnails}, {...at, signal: stop}),
    // That of a report is worth no film.
    makeContactSheet({...at, signal: stop}).catch((error) => toRenderError(error)),
  ]);
  const body = () => createReadStream(path);
  const put = {
    ...{contentType: mp4.mimeType, contentDisposition: `inline; filename="${jobId}.${mp4.extension}"`},
    ...{storageClass: output?.storageClass, signal},
  };
  await persist(() => films.put(film.key, body(), put), {signal});
  const publishing = clock.lap();

  const {frames, fps} = timeline;
  const result: Result = {
    ...{jobId, state: 'finished', bucket: films.bucket, key: film.key},
    ...{frames, durationSeconds: frames / fps, bytes, workers: chunks.length, chunks: counts},
    ...(hashes && {hashesKey: hashes}),
    ...pictures,
    handedOver: run.claim.handedOver,
    seconds: {total: clock.total(), ...drawn.seconds, merging, publishing},
  };
  return {result, sheet};
}
