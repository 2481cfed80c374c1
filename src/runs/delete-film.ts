import {type FilmPlace, type Storages, storageOf} from '../film-place.ts';
import {filmKeys, runKey} from '../keys.ts';
import {persist} from '../persist.ts';
import type {JobPlace} from './records.ts';

/**
 * Deletes what a job's runs, up to `last`, may have left of its film. What is under a key of somebody's choice may be an
 * older film of theirs: it stays, unless a run has begun to overwrite it.
 */
export async function deleteFilm(
  {jobId, storage, signal}: JobPlace,
  {film, last, tools}: {film: FilmPlace; last: number; tools: Storages},
): Promise<void> {
  if (film.chosen) {
    const marks = Array.from({length: last}, (_, index) => runKey(jobId, index + 1, 'storing'));
    const begun = await Promise.all(marks.map((key) => persist(() => storage.head(key), {signal})));
    if (!begun.some(Boolean)) return;
  }
  await persist(() => storageOf(film, tools).delete(filmKeys(film.key)), {signal});
}
