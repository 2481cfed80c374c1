import {randomUUID} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {json} from 'node:stream/consumers';
import {pipeline} from 'node:stream/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {type ChunkEvent, dispatch} from './dispatch.ts';
import type {Engine} from './engines/engine.ts';
import type {FullRender, FullResult, PartialRender} from './event.ts';
import {findFfmpeg} from './ffmpeg.ts';
import {mp4} from './formats.ts';
import {chunkPrefix, contentHash, hashesKey, renderKey} from './keys.ts';
import {mergeFilm} from './merge.ts';
import {type Chunk, chooseWorkers, planChunks} from './plan.ts';
import {ENCODERS, type Quality} from './quality.ts';
import type {ChunkFile, Renderer, Timeline} from './renderer.ts';
import {makeSoundtrack} from './soundtrack.ts';
import {stopwatch} from './stopwatch.ts';
import type {Storage} from './storage/storage.ts';
import {together} from './together.ts';
import {verifyFilm} from './verify-film.ts';
import {withWorkDirectory} from './work-directory.ts';

/** What a job needs, and who hears of it. */
export interface JobTools {
  renderer: Renderer;
  engine: Engine;
  storage: Storage;
  /** Chunks that run at the same time; the engine's own number if left out. */
  concurrency?: number | undefined;
  /** Seconds in which the server of a sound has to say something; 30 if left out. */
  mediaTimeout?: number | undefined;
  onEvent?: ((event: JobEvent) => void) | undefined;
}

/** What a watcher of a job is told, in this order. */
export type JobEvent =
  | {state: 'planning'; jobId: string}
  | {state: 'rendering'; timeline: Timeline; workers: number}
  | ChunkEvent
  | {state: 'merging'}
  | {state: 'publishing'}
  | {state: 'finished'; result: FullResult};

/**
 * A whole render: ask the project what it is, draw its chunks somewhere and make its sound meanwhile,
 * merge, see that the film is what was planned, publish.
 *
 * The finished film appears under its key in one step or not at all; chunks and temporary files are
 * gone when this returns or throws.
 */
export async function renderJob(
  request: FullRender,
  tools: JobTools,
  signal: AbortSignal,
): Promise<FullResult> {
  const {renderer, storage, mediaTimeout, onEvent = () => {}} = tools;
  const {variables, frameHashes, quality, jobId = randomUUID()} = request;
  const clock = stopwatch();

  return withWorkDirectory(async (directory) => {
    onEvent({state: 'planning', jobId});
    const key = renderKey(jobId, mp4.extension);
    // What would make the job fail at its end is found out at its start.
    await Promise.all([storage.head(key), findFfmpeg()]);
    const fingerprint = await renderer.fingerprint({signal});
    const timeline = await renderer.plan(variables, {directory, signal});
    const chunks = planChunks(timeline.frames, request.numWorkers ?? chooseWorkers(timeline.frames));
    const content = contentHash({fingerprint, variables, encoder: ENCODERS[quality]});
    const planning = clock.lap();

    try {
      onEvent({state: 'rendering', timeline, workers: chunks.length});
      const job = {jobId, variables, frameHashes, quality, timeline, chunks, content, directory};
      const [chunkFiles, sound] = await together(signal, (stop) => [
        renderChunks(job, tools, stop),
        makeSoundtrack({
          ...timeline,
          locate: (src) => renderer.locate(src),
          directory,
          signal: stop,
          mediaTimeout,
        }),
      ]);
      const rendering = clock.lap();

      onEvent({state: 'merging'});
      const soundtrack = sound.silent && !request.silentTrack ? undefined : sound.path;
      const film = await mergeFilm({
        chunks: chunkFiles,
        soundtrack,
        timeline,
        format: mp4,
        directory,
        signal,
      });
      await verifyFilm({path: film, timeline, sound: Boolean(soundtrack)});
      const merging = clock.lap();

      onEvent({state: 'publishing'});
      const {size: bytes} = await stat(film);
      const resultUrl = await storage.url(key);
      const hashes = frameHashes && hashesKey(jobId);
      if (hashes) {
        const all = chunkFiles.flatMap((file) => file.hashes ?? []);
        await storage.put(hashes, JSON.stringify(all), {contentType: 'application/json', signal});
      }
      // Last of all: once the film is there, nothing can fail any more.
      await storage.put(key, createReadStream(film), {contentType: mp4.mimeType, signal});
      const publishing = clock.lap();

      const {frames, fps} = timeline;
      const result: FullResult = {
        jobId,
        resultUrl,
        bucket: storage.bucket,
        key,
        frames,
        durationSeconds: frames / fps,
        bytes,
        ...(hashes && {hashesKey: hashes}),
        workers: chunks.length,
        seconds: {total: clock.total(), planning, rendering, merging, publishing},
      };
      onEvent({state: 'finished', result});
      return result;
    } finally {
      await removeChunks(storage, content);
    }
  });
}

interface Job {
  jobId: string;
  variables: FullRender['variables'];
  frameHashes: boolean;
  quality: Quality;
  chunks: Chunk[];
  content: string;
  directory: string;
}

/** Has every chunk drawn, and fetches each as soon as it is there. */
async function renderChunks(
  {jobId, variables, frameHashes, quality, chunks, content, directory}: Job,
  {engine, storage, concurrency, onEvent = () => {}}: JobTools,
  signal: AbortSignal,
): Promise<ChunkFile[]> {
  const path = (workerId: number) => join(directory, `chunk-${workerId}.${mp4.chunkExtension}`);
  const events = chunks.map(
    ({index, start, end}): PartialRender => ({
      jobType: 'partialRender',
      jobId,
      workerId: index,
      numWorkers: chunks.length,
      variables,
      frameHashes,
      quality,
      chunk: {start, end, content},
    }),
  );
  const results = await dispatch(events, {
    engine,
    concurrency,
    signal,
    onEvent,
    onDone: async ({workerId, key}) =>
      pipeline(await storage.get(key, {signal}), createWriteStream(path(workerId)), {signal}),
  });
  return Promise.all(
    results.map(async ({workerId, frames, hashesKey}) => {
      const file = {path: path(workerId), frames};
      if (!hashesKey) return file;
      return {...file, hashes: (await json(await storage.get(hashesKey, {signal}))) as string[]};
    }),
  );
}

/** A storage that does not answer must not keep a finished film from its caller. */
const CLEAN_UP_MILLISECONDS = 10_000;

async function removeChunks(storage: Storage, content: string): Promise<void> {
  try {
    const removal = async () => {
      const chunks = await storage.list(chunkPrefix(content));
      await storage.delete(chunks.map(({key}) => key));
    };
    await Promise.race([removal(), sleep(CLEAN_UP_MILLISECONDS, undefined, {ref: false})]);
  } catch {
    // The film is more than its chunks: where they cannot be removed, the bucket's lifecycle does it in a day.
  }
}
