import {createHash} from 'node:crypto';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buffer, json} from 'node:stream/consumers';
import type {Storage} from '../../../src/storage/storage.ts';
import {ffmpeg} from '../../support/media.ts';

/** The properties that equal films share. */
export interface Film {
  /** A hash of each frame's pixels, as the encoder got them. */
  frames: string[];
  /** A hash of all pixels, as a player gets them. */
  picture: string;
  sound: string;
}

/** Reads a finished film and the hashes of its frames. */
export async function readFilm(storage: Storage, result: {key: string; hashesKey?: string}): Promise<Film> {
  const bytes = await buffer(await storage.get(result.key));
  const directory = await mkdtemp(join(tmpdir(), 'film-'));
  const file = join(directory, 'film.mp4');
  await writeFile(file, bytes);
  try {
    const decoded = async (...how: string[]) => sha256(await ffmpeg('-i', file, ...how, '-'));
    const picture = await decoded('-map', '0:v:0', '-f', 'rawvideo');
    const sound = await decoded('-map', '0:a:0', '-f', 's16le');
    const frames = (await json(await storage.get(result.hashesKey ?? ''))) as string[];
    return {frames, picture, sound};
  } finally {
    await rm(directory, {recursive: true});
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
