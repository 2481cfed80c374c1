import {stat} from 'node:fs/promises';
import {toRenderError} from '../base/errors.ts';
import {together} from '../base/together.ts';
import {VERSION} from '../base/version.ts';
import {joinFilm} from '../media/join/join-film.ts';
import {hashesKey, runKey} from '../model/keys.ts';
import type {Timeline} from '../model/timeline.ts';
import {putJson} from '../storage/json.ts';
import {putFile} from '../storage/put-file.ts';
import {putRecord} from '../storage/record.ts';
import type {DrawnFilm} from './draw-film.ts';
import {putPictures} from './pictures.ts';
import type {JobPorts} from './ports.ts';
import type {RunContext, RunOrder} from './run-order.ts';
import {aboutToStore} from './runs/delete-film.ts';
import type {KeptResult} from './runs/taken.ts';
import type {PublishedFilm} from './runs/watch-run.ts';

/** Joins the chunks of a film, verifies that it matches its plan, and stores it under its key in one step. */
export async function publishFilm(
  {order, target, run}: RunOrder,
  drawn: DrawnFilm,
  {storage, media}: JobPorts,
  {directory, signal, emit}: RunContext,
): Promise<PublishedFilm> {
  const {jobId, output, frameHashes, silentTrack, poster, thumbnails} = order;
  const {chunks, counts, timeline, sound, clock} = drawn;
  const {place, storage: films} = target;
  const {format} = media;
  emit({state: 'merging'});
  const soundtrack = sound.silent && !silentTrack ? undefined : sound.path;
  const metadata = metadataOf(timeline);
  const parts = {chunks, consume: true, soundtrack, timeline, metadata, format, directory, signal};
  const path = await joinFilm(parts);
  const merging = clock.lap();

  emit({state: 'publishing'});
  const {size: bytes} = await stat(path);
  const hashes = frameHashes && hashesKey(jobId);
  if (hashes) {
    const all = chunks.flatMap((file) => file.hashes ?? []);
    await putJson(hashes, all, {storage, signal});
  }
  // A cancellation must know whether an object under a key of the user's choice may belong to this job.
  const keys = aboutToStore({bucket: films.bucket, key: place.key, poster, thumbnails});
  if (place.chosen) await putRecord(runKey(jobId, run.number, 'storing'), keys, {storage, signal});
  const at = {film: path, key: place.key, timeline, storage: films, directory};
  const [pictures, sheet] = await together(signal, (stop) => [
    putPictures({poster, thumbnails}, media, {...at, signal: stop}),
    // A report's pictures are no reason to fail a film.
    media.makeOverview({...at, signal: stop}).catch((error) => toRenderError(error)),
  ]);
  await putFile(path, {
    storage: films,
    key: place.key,
    contentType: format.mimeType,
    contentDisposition: `inline; filename="${jobId}.${format.extension}"`,
    storageClass: output?.storageClass,
    signal,
  });
  const publishing = clock.lap();

  const {frames, fps} = timeline;
  const drawnWith = drawnWithOf(timeline);
  const result: KeptResult = {
    jobId,
    state: 'finished',
    bucket: films.bucket,
    key: place.key,
    frames,
    durationSeconds: frames / fps,
    bytes,
    workers: chunks.length,
    segments: timeline.segments.length,
    segmentsReused: chunks.reduce((sum, {segmentsFound}) => sum + segmentsFound, 0),
    chunks: counts,
    ...(hashes && {hashesKey: hashes}),
    ...pictures,
    handedOver: run.handedOver,
    ...(drawnWith && {drawnWith}),
    seconds: {total: clock.total(), ...drawn.seconds, merging, publishing},
    warnings: drawn.warnings,
  };
  return {result, sheet};
}

const drawnWithOf = ({revideo}: Timeline): string | undefined => revideo && `Revideo ${revideo}`;

/** Says nothing of the job: two jobs with the same film make the same bytes. */
const metadataOf = (timeline: Timeline) => {
  const comment = [`revideo-lambda ${VERSION}`, drawnWithOf(timeline)];
  return {comment: comment.filter(Boolean).join(', ')};
};
