import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {access, copyFile, mkdir, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {RenderError} from '../../base/errors.ts';
import {otherEnding} from '../../media/formats/formats.ts';
import {posterKey, thumbnailsKey} from '../../model/keys.ts';
import type {FullResult} from '../../model/result.ts';

/** Finds out what would make the film impossible to put in place, before it is made. Rejects with `BadSetting`. */
export async function refuseUnwritable(out: string, option = '--out'): Promise<void> {
  const file = resolve(out);
  const ending = otherEnding(out);
  if (ending)
    throw new RenderError(
      'BadSetting',
      `${option} is ${JSON.stringify(out)}; films are MP4 files, so the name must end in .mp4, not in ${ending}.`,
    );
  try {
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
    // A device or a pipe would be replaced by the film.
    if (there && !there.isFile()) throw new Error('it is there, and not an ordinary file');
    // Node tries forever to make folders there, without an error.
    if (/^\/(proc|sys)\//.test(file)) throw new Error('it is in a part of the kernel');
    await mkdir(dirname(file), {recursive: true});
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RenderError(
      'BadSetting',
      `${option} is ${JSON.stringify(out)}; it must be a file that can be written: ${why}.`,
      {cause},
    );
  }
}

/**
 * Moves a job's film out of a storage folder, with its other requested files beside it: `film.poster.jpg`,
 * `film.thumbnails.jpg`, `film.frame-hashes.json`. The report stays with the job's records, and the result no
 * longer names it.
 */
export async function placeFilm(
  {reportKey: _, ...result}: FullResult,
  {storage, out}: {storage: string; out: string},
): Promise<FullResult> {
  const film = resolve(out);
  const place = async (key: string, file: string) => {
    await moveFile(join(storage, key), file);
    return {key: basename(file), url: pathToFileURL(file).href};
  };
  const {poster, thumbnails, hashesKey} = result;
  const hashes = hashesKey && (await place(hashesKey, hashesFile(film)));
  const placed = {
    ...placedAt(result, out),
    ...(poster && {poster: {...poster, ...(await place(poster.key, posterKey(film)))}}),
    ...(thumbnails && {thumbnails: {...thumbnails, ...(await place(thumbnails.key, thumbnailsKey(film)))}}),
    ...(hashes && {hashesKey: hashes.key}),
  };
  // Last: where the film is, all of it is.
  await moveFile(join(storage, result.key), film);
  return placed;
}

const hashesFile = (film: string): string => film.replace(/(\.[^./]+)?$/, '.frame-hashes.json');

/** Moves a file, which is there whole or not at all. */
async function moveFile(from: string, file: string): Promise<void> {
  await rename(from, file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    // From another disk: beside it first, so that it is there whole or not at all.
    const beside = join(dirname(file), `.${basename(file)}-${randomUUID()}`);
    try {
      await copyFile(from, beside);
      await rename(beside, file);
    } finally {
      await rm(beside, {force: true});
    }
    await rm(from, {force: true});
  });
}

/** A result of a film that is now a file of this machine. */
export function placedAt<T extends object>(
  result: T,
  out: string,
): T & {resultUrl: string; bucket: string; key: string} {
  const file = resolve(out);
  return {...result, resultUrl: pathToFileURL(file).href, bucket: dirname(file), key: basename(file)};
}
