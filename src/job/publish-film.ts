import {stat} from 'node:fs/promises';
import {toRenderError} from '../base/errors.ts';
import {persist} from '../base/persist.ts';
import type {Stopwatch} from '../base/stopwatch.ts';
import {together} from '../base/together.ts';
import {VERSION} from '../base/version.ts';
import {makeContactSheet} from '../media/contact-sheet.ts';
import {mp4} from '../media/formats/formats.ts';
import {joinFilm} from '../media/join/join-film.ts';
import type {Soundtrack} from '../media/sound/soundtrack.ts';
import {hashesKey, runKey} from '../model/keys.ts';
import type {ChunkFile, Timeline} from '../model/timeline.ts';
import {putJson} from '../storage/json.ts';
import {putFile} from '../storage/put-file.ts';
import {putRecord} from '../storage/record.ts';
import type {Dispatched} from './dispatch/dispatch.ts';
import {type FilmPlace, storageOf} from './film-place.ts';
import type {Job} from './job-chunks.ts';
import type {JobTools} from './job-tools.ts';
import {putPictures} from './pictures.ts';
import {aboutToStore} from './runs/delete-film.ts';
import type {PublishedFilm, Result} from './runs/watch-run.ts';

/** A job, and where its film goes. */
export interface FilmJob extends Job {
  film: FilmPlace;
}

/** A film whose pictures and sounds are made. */
export interface DrawnFilm extends Dispatched<ChunkFile> {
  timeline: Timeline;
  sound: Soundtrack;
  clock: Stopwatch;
  seconds: {planning: number; rendering: number};
  /** Clean, as `cleanWarnings` leaves them. */
  warnings: string[];
}

/** Merges what was drawn, sees that the film is what was planned, and puts it under its key. */
export async function publishFilm(
  {jobId, film, output, frameHashes, silentTrack, poster, thumbnails, run}: FilmJob,
  drawn: DrawnFilm & {directory: string; signal: AbortSignal},
  tools: JobTools,
): Promise<PublishedFilm> {
  const {chunks, counts, timeline, sound, clock, directory, signal} = drawn;
  const {storage, onEvent = () => {}} = tools;
  const films = storageOf(film, tools);
  onEvent({state: 'merging'});
  const soundtrack = sound.silent && !silentTrack ? undefined : sound.path;
  const drawnWith = timeline.revideo && `Revideo ${timeline.revideo}`;
  const comment = [`Job ${jobId}`, `revideo-lambda ${VERSION}`, drawnWith].filter(Boolean).join(', ');
  const metadata = {title: jobId, comment};
  const parts = {chunks, consume: true, soundtrack, timeline, metadata, format: mp4, directory, signal};
  const path = await joinFilm(parts);
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
  if (film.chosen) await persist(() => putRecord(mark, keys, {storage, signal}), {signal});
  const at = {film: path, key: film.key, timeline, storage: films, directory, signal};
  const [pictures, sheet] = await together(signal, (stop) => [
    putPictures({poster, thumbnails}, {...at, signal: stop}),
    // That of a report is worth no film.
    makeContactSheet({...at, signal: stop}).catch((error) => toRenderError(error)),
  ]);
  const put = {
    ...{
      storage: films,
      key: film.key,
      contentType: mp4.mimeType,
      contentDisposition: `inline; filename="${jobId}.${mp4.extension}"`,
    },
    ...{storageClass: output?.storageClass, signal},
  };
  await persist(() => putFile(path, put), {signal});
  const publishing = clock.lap();

  const {frames, fps} = timeline;
  const result: Result = {
    ...{jobId, state: 'finished', bucket: films.bucket, key: film.key},
    ...{frames, durationSeconds: frames / fps, bytes, workers: chunks.length, chunks: counts},
    ...(hashes && {hashesKey: hashes}),
    ...pictures,
    handedOver: run.claim.handedOver,
    ...(drawnWith && {drawnWith}),
    seconds: {total: clock.total(), ...drawn.seconds, merging, publishing},
    warnings: drawn.warnings,
  };
  return {result, sheet};
}
