import {RenderError} from '../base/errors.ts';
import {mp4, otherEnding} from '../media/formats/formats.ts';
import type {JobOrder} from '../model/event.ts';
import {AGES, renderKey} from '../model/keys.ts';
import type {Storage} from '../storage/storage.ts';
import type {Storages} from '../storage/storages.ts';

/** Where a job's film is put, and how it is handed out. */
export interface FilmPlace {
  /** Another bucket than that of the job's records; left out where it is the same. */
  bucket?: string | undefined;
  key: string;
  /** Whether the request has named bucket or key: then an existing object may belong to another job. */
  chosen: boolean;
  /** Seconds for which its address is valid, unless a request names a time; an hour if left out. */
  expiresIn?: number | undefined;
}

/** A film's place, and its opened storage: resolved once for a job. */
export interface FilmTarget {
  place: FilmPlace;
  storage: Storage;
}

/**
 * Resolves where the film of a request is put.
 *
 * @throws `BadEvent` for a place that cannot hold films
 */
export function filmTarget(order: JobOrder, storages: Storages): FilmTarget {
  const place = placeOf(order, storages);
  return {place, storage: storageOf(place, storages)};
}

/** The place of films without a chosen key: a folder below belongs to no job, since no jobId has a slash. */
const OF_A_JOB = /^renders\/[^/]*$/;
/** Where records and chunks are, and unfinished writes of a directory. */
const NOT_FOR_FILMS = ['chunks/', 'jobs/', '.tmp/'];

function placeOf(
  {jobId, output = {}, expireAfter, expiresIn}: JobOrder,
  {storage, storageFor}: Storages,
): FilmPlace {
  const bucket = output.bucket === storage.bucket ? undefined : output.bucket;
  if (bucket && !storageFor)
    throw refused(
      `output.bucket is "${bucket}"; films are kept in a directory here, which has no other buckets.`,
    );
  if (expireAfter && (bucket || output.key))
    throw refused(
      `expireAfter is ${expireAfter}; leave it out if output has a bucket or a key of your own. The lifecycle rules of that bucket can delete the film.`,
    );
  if (!output.key)
    return {bucket, key: renderKey(jobId, mp4.extension, expireAfter), chosen: Boolean(bucket), expiresIn};
  const other = otherEnding(output.key);
  if (other)
    throw refused(
      `output.key is "${output.key}"; films are MP4 files, so it must end in .mp4, not in ${other}.`,
    );
  const ending = `.${mp4.extension}`;
  const key = output.key.toLowerCase().endsWith(ending) ? output.key : `${output.key}${ending}`;
  const folders = [...NOT_FOR_FILMS, ...Object.keys(AGES)];
  if (!bucket && OF_A_JOB.test(key))
    throw refused(
      `output.key is "${output.key}"; in the function's own bucket, the objects right in renders/ are the films of jobs, named by jobId. Name a folder in it, as in renders/mine/film.mp4, or leave output.key out and choose the jobId.`,
    );
  if (!bucket && folders.some((folder) => key.startsWith(folder)))
    throw refused(
      `output.key is "${output.key}"; in the function's own bucket it must not begin with ${[...new Set(folders)].join(', ')}, where objects are deleted after some days.`,
    );
  return {bucket, key, chosen: true, expiresIn};
}

/** Where a film is if its run does not say: that run is of an older version of this program. */
export const defaultPlace = (jobId: string): FilmPlace => ({
  key: renderKey(jobId, mp4.extension),
  chosen: false,
});

/**
 * The storage that a film is in.
 *
 * @throws `BadSetting` for another bucket if only the bucket of the records can be opened. An object under the same key there
 *   is another film, which a cancellation would delete
 */
export function storageOf({bucket}: Pick<FilmPlace, 'bucket'>, {storage, storageFor}: Storages): Storage {
  if (!bucket || bucket === storage.bucket) return storage;
  if (storageFor) return storageFor(bucket);
  throw new RenderError(
    'BadSetting',
    `The job's film is put into the bucket "${bucket}", which cannot be opened from ${storage.bucket}. Ask where the job was rendered: --function <name>, or --bucket <name>.`,
  );
}

const refused = (complaint: string): RenderError =>
  new RenderError('BadEvent', `The event cannot be used. ${complaint}`);
