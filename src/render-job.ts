import {randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import type {ChunkEvent} from './dispatch.ts';
import type {Engine} from './engines/engine.ts';
import type {ContinuedResult, FullRender, FullResult, PartialRender} from './event.ts';
import {findFfmpeg} from './ffmpeg.ts';
import {mp4} from './formats.ts';
import type {HandOver} from './hand-over.ts';
import {obtainChunks} from './job-chunks.ts';
import {hashesKey, renderKey} from './keys.ts';
import {mergeFilm} from './merge.ts';
import {persist} from './persist.ts';
import {chooseWorkers, planChunks} from './plan.ts';
import type {Renderer, Timeline} from './renderer.ts';
import type {Run} from './run.ts';
import {makeSoundtrack} from './soundtrack.ts';
import {stopwatch} from './stopwatch.ts';
import {putJson} from './storage/json.ts';
import type {Storage} from './storage/storage.ts';
import {identify, takeJob} from './take-job.ts';
import {together} from './together.ts';
import {carryVariables, readVariables} from './variables.ts';
import {verifyFilm} from './verify-film.ts';
import {withWorkDirectory} from './work-directory.ts';

/** What a job needs, and who hears of it. */
export interface JobTools {
  renderer: Renderer;
  engine: Engine;
  storage: Storage;
  /** Chunks that run at the same time; the engine's own number if left out. */
  concurrency?: number | undefined;
  /** Tries at one chunk, at least 1; 3 if left out. */
  attempts?: number | undefined;
  /** Whether a chunk that takes far longer than the others is begun a second time; if left out, where the engine says that helps. */
  doubling?: boolean | undefined;
  /** Seconds in which the server of a sound has to say something; 30 if left out. */
  mediaTimeout?: number | undefined;
  onEvent?: ((event: JobEvent) => void) | undefined;
}

/** What ends a job before it is done. */
export interface JobOptions {
  signal: AbortSignal;
  /** How it goes on elsewhere then; left out where it cannot. */
  handOver?: HandOver | undefined;
}

/** What a watcher of a job is told. */
export type JobEvent =
  | {state: 'planning'; jobId: string}
  /** Somebody else renders the job. */
  | {state: 'waiting'}
  | {state: 'rendering'; timeline: Timeline; workers: number}
  | ChunkEvent
  | {state: 'merging'}
  | {state: 'publishing'}
  | {state: 'handing over'}
  | {state: 'finished'; result: FullResult};

/** A film's result as it is kept: an address that lives for an hour is not. */
type Result = Omit<FullResult, 'resultUrl'>;

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
  {signal, handOver}: JobOptions,
): Promise<FullResult | ContinuedResult> {
  const {renderer, storage, onEvent = () => {}} = tools;
  const {jobId = randomUUID()} = request;
  const key = renderKey(jobId, mp4.extension);
  onEvent({state: 'planning', jobId});
  // What would make the job fail at its end is found out at its start.
  await Promise.all([storage.head(key), findFfmpeg()]);
  const variables = await readVariables({...request, jobId}, {storage, signal});
  const fingerprint = await persist(() => renderer.fingerprint({signal}), {signal});

  const taken = await takeJob({
    ...{storage, jobId, signal, leave: handOver?.signal},
    identity: identify(request, {variables, fingerprint}),
    onWait: () => onEvent({state: 'waiting'}),
  });
  const publish = async (result: Result): Promise<FullResult> => {
    const {jobId, state, ...rest} = result;
    const whole = {jobId, state, resultUrl: await storage.url(key), ...rest};
    onEvent({state: 'finished', result: whole});
    return whole;
  };
  if ('result' in taken) return publish(taken.result);
  const elsewhere: ContinuedResult = {
    ...{jobId, state: 'continues', bucket: storage.bucket, key},
    message: `Job ${jobId} goes on in another invocation. Send the same event again to wait for it; the film will be at "${key}".`,
  };
  if ('elsewhere' in taken) return elsewhere;

  const {run, inFlight} = taken;
  const drawing = new Set<number>();
  try {
    const carried = await carryVariables({jobId, variables}, {storage, signal});
    const job: Job = {...request, jobId, variables, carried, key, fingerprint, inFlight, drawing, run};
    const stop = AbortSignal.any([run.signal, ...(handOver ? [handOver.signal] : [])]);
    try {
      const result = await withWorkDirectory((directory) =>
        renderFilm(job, tools, {directory, signal: stop}),
      );
      await run.end({state: 'finished', result});
      return await publish(result);
    } catch (error) {
      if (!handOver?.signal.aborted || run.signal.aborted) throw error;
      onEvent({state: 'handing over'});
      await run.end({state: 'handedOver', inFlight: [...drawing]});
      await handOver.start({...request, jobId, ...carried});
      return elsewhere;
    }
  } catch (error) {
    const failure = await run.fail(error);
    // Somebody else renders it now: wait with all the others.
    if (failure.name === 'JobTakenOver')
      return renderJob({...request, jobId}, tools, {signal, ...(handOver && {handOver})});
    // Whoever cancels a job that is being published wants no film.
    if (failure.name === 'Cancelled') await storage.delete([key]);
    throw failure;
  } finally {
    await run.close();
  }
}

interface Job extends FullRender {
  jobId: string;
  /** The fields of an event that carry the variables. */
  carried: Pick<PartialRender, 'variables' | 'variablesStored'>;
  /** Of the film. */
  key: string;
  fingerprint: string;
  /** Chunks that workers of the run before still draw. */
  inFlight: readonly number[];
  /** Chunks that workers of this run draw right now. */
  drawing: Set<number>;
  run: Run;
}

/** From the plan to the film under its key. */
async function renderFilm(
  job: Job,
  tools: JobTools,
  {directory, signal}: {directory: string; signal: AbortSignal},
): Promise<Result> {
  const {renderer, storage, mediaTimeout, onEvent = () => {}} = tools;
  const {jobId, key, frameHashes, run} = job;
  const clock = stopwatch();

  const timeline = await persist(() => renderer.plan(job.variables, {directory, signal}), {signal});
  const {frames, fps} = timeline;
  const chunks = planChunks(frames, job.numWorkers ?? chooseWorkers(frames));
  const planning = clock.lap();

  onEvent({state: 'rendering', timeline, workers: chunks.length});
  const locate = (src: string) => renderer.locate(src);
  const [drawn, sound] = await together(signal, (stop) => [
    obtainChunks({...job, chunks, directory, signal: stop}, tools),
    persist(() => makeSoundtrack({...timeline, locate, directory, signal: stop, mediaTimeout}), {
      signal: stop,
    }),
  ]);
  const rendering = clock.lap();

  onEvent({state: 'merging'});
  const soundtrack = sound.silent && !job.silentTrack ? undefined : sound.path;
  const merge = {chunks: drawn.chunks, consume: true, soundtrack, timeline, format: mp4, directory, signal};
  const film = await mergeFilm(merge);
  await verifyFilm({path: film, timeline, sound: Boolean(soundtrack)});
  const merging = clock.lap();

  onEvent({state: 'publishing'});
  const {size: bytes} = await stat(film);
  const hashes = frameHashes && hashesKey(jobId);
  if (hashes) {
    const all = drawn.chunks.flatMap((file) => file.hashes ?? []);
    await persist(() => putJson(hashes, all, {storage, signal}), {signal});
  }
  const body = () => createReadStream(film);
  await persist(() => storage.put(key, body(), {contentType: mp4.mimeType, signal}), {signal});
  const publishing = clock.lap();

  return {
    ...{jobId, state: 'finished', bucket: storage.bucket, key},
    ...{frames, durationSeconds: frames / fps, bytes, workers: chunks.length, chunks: drawn.counts},
    ...(hashes && {hashesKey: hashes}),
    handedOver: run.claim.handedOver,
    seconds: {total: clock.total(), planning, rendering, merging, publishing},
  };
}
