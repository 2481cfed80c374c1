import {z} from 'zod';
import type {FullRender} from '../../model/event.ts';
import {filmKeys, posterKey, runKey, thumbnailsKey} from '../../model/keys.ts';
import {readRecord} from '../../storage/record.ts';
import type {FilmTarget} from '../film-target.ts';
import type {JobRecords} from './records.ts';

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
 * Deletes the film that a job's runs, up to `last`, may have left. An object under a key of the user's choice
 * may be an older film, or an unrelated picture. It stays, unless a run has begun to overwrite it.
 */
export async function deleteFilm(
  records: JobRecords,
  {target: {place, storage}, last}: {target: FilmTarget; last: number},
): Promise<void> {
  const ours = filmKeys(place.key);
  const begun = place.chosen ? await keysBegun(records, {last, bucket: storage.bucket}) : new Set(ours);
  const keys = ours.filter((key) => begun.has(key));
  if (keys.length > 0) await storage.delete(keys, {signal: records.signal});
}

/** The keys in a bucket that the runs up to `last` have begun to overwrite. */
async function keysBegun(
  {jobId, storage, signal}: JobRecords,
  {last, bucket}: {last: number; bucket: string},
): Promise<Set<string>> {
  const runs = Array.from({length: last}, (_, index) => runKey(jobId, index + 1, 'storing'));
  const marks = await Promise.all(runs.map((key) => readRecord(key, {storage, signal})));
  const said = marks.flatMap((mark) => Storing.safeParse(mark).data ?? []);
  return new Set(said.filter((mark) => mark.bucket === bucket).flatMap(({keys}) => keys));
}
