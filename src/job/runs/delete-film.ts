import {z} from 'zod';
import {persist} from '../../base/persist.ts';
import type {FullRender} from '../../model/event.ts';
import {filmKeys, posterKey, runKey, thumbnailsKey} from '../../model/keys.ts';
import {readRecord} from '../../storage/record.ts';
import {type FilmPlace, type Storages, storageOf} from '../film-place.ts';
import type {JobPlace} from './records.ts';

/**
 * The record that a run writes before it stores a film under a chosen key: the objects under these keys will
 * be its own.
 */
const Storing = z.object({bucket: z.string(), keys: z.array(z.string())});

/** The word that a run is about to overwrite what is under its film's key, and under those of the pictures it was asked for. */
export function aboutToStore({
  bucket,
  key,
  poster,
  thumbnails,
}: {
  /** Where the film is put. */
  bucket: string;
  key: string;
} & Pick<FullRender, 'poster' | 'thumbnails'>): z.infer<typeof Storing> {
  const pictures = [
    ...(poster === undefined ? [] : [posterKey(key)]),
    ...(thumbnails === undefined ? [] : [thumbnailsKey(key)]),
  ];
  return {bucket, keys: [key, ...pictures]};
}

/**
 * Deletes what a job's runs, up to `last`, may have left of its film. What is under a key of somebody's choice may be an
 * older film of theirs, or a picture that was never asked for: it stays, unless a run has begun to overwrite it.
 */
export async function deleteFilm(
  place: JobPlace,
  {film, last, tools}: {film: FilmPlace; last: number; tools: Storages},
): Promise<void> {
  const films = storageOf(film, tools);
  const ours = filmKeys(film.key);
  const begun = film.chosen ? await keysBegun(place, {last, bucket: films.bucket}) : new Set(ours);
  const keys = ours.filter((key) => begun.has(key));
  if (keys.length > 0) await persist(() => films.delete(keys), {signal: place.signal});
}

/** The keys in a bucket that the runs up to `last` have begun to overwrite. */
async function keysBegun(
  {jobId, storage, signal}: JobPlace,
  {last, bucket}: {last: number; bucket: string},
): Promise<Set<string>> {
  const runs = Array.from({length: last}, (_, index) => runKey(jobId, index + 1, 'storing'));
  const marks = await Promise.all(
    runs.map((key) => persist(() => readRecord(key, {storage, signal}), {signal})),
  );
  const said = marks.flatMap((mark) => Storing.safeParse(mark).data ?? []);
  return new Set(said.filter((mark) => mark.bucket === bucket).flatMap(({keys}) => keys));
}
