import {join} from 'node:path';
import {RenderError} from '../base/errors.ts';
import type {Media} from '../media/media.ts';
import {sizeWithin, spread} from '../media/picture-sheet.ts';
import type {FullRender} from '../model/event.ts';
import {posterKey, thumbnailsKey} from '../model/keys.ts';
import type {FullResult} from '../model/result.ts';
import type {Timeline} from '../model/timeline.ts';
import {putFile} from '../storage/put-file.ts';
import type {Storage} from '../storage/storage.ts';

/** The requested pictures. */
type Asked = Pick<FullRender, 'poster' | 'thumbnails'>;

/** The pictures in a result. */
export type Pictures = Pick<FullResult, 'poster' | 'thumbnails'>;

/** The longer side of a thumbnail in pixels: a hundred of them beside each other are within what a JPEG can hold, 65,535. */
const THUMBNAIL = 160;

/**
 * Checks that a requested poster is within the film, as soon as the film's length is known.
 *
 * @throws `BadEvent` for a poster after the film's end
 */
export function checkPictures({poster}: Asked, {frames, fps}: Pick<Timeline, 'frames' | 'fps'>): void {
  if (poster === undefined || frameAt(poster, fps) < frames) return;
  const length = Number((frames / fps).toFixed(3));
  throw new RenderError(
    'BadEvent',
    `The event cannot be used. poster is ${poster}; it must be at least 0 s and less than the film's length, ${length} s (${frames} frames, ${fps} a second).`,
  );
}

/** The frame that is shown at a time. A rounded time, such as 0.03333333 for 1/30 s, still means the frame that starts there. */
const frameAt = (seconds: number, fps: number): number => Math.floor(seconds * fps + 1e-6);

/**
 * Takes the requested pictures from a finished film, and puts them next to it.
 * Rejects as `takePictures` and `Storage.put` do.
 */
export async function putPictures(
  {poster, thumbnails}: Asked,
  media: Pick<Media, 'takePictures'>,
  options: {
    /** Its file, and the key it has or will have. */
    film: string;
    key: string;
    timeline: Pick<Timeline, 'frames' | 'fps' | 'size'>;
    storage: Storage;
    directory: string;
    signal: AbortSignal;
  },
): Promise<Pictures> {
  const {film, key, timeline, storage, directory, signal} = options;
  const {fps, size, frames} = timeline;
  const put = async (to: string, from: string) => {
    const options = {storage, key: to, contentType: 'image/jpeg', signal};
    await putFile(from, options);
  };
  const pictures: Pictures = {};
  if (poster !== undefined) {
    const path = join(directory, 'poster.jpg');
    const one = {frames: [frameAt(poster, fps)], columns: 1, ...size, quality: 2};
    await media.takePictures({film, timeline, ...one, path, directory, signal});
    pictures.poster = {key: posterKey(key)};
    await put(pictures.poster.key, path);
  }
  if (thumbnails !== undefined) {
    const path = join(directory, 'thumbnails.jpg');
    const shown = spread(thumbnails, frames);
    const each = sizeWithin(size, THUMBNAIL);
    const row = {frames: shown, columns: shown.length, ...each, quality: 4};
    await media.takePictures({film, timeline, ...row, path, directory, signal});
    pictures.thumbnails = {key: thumbnailsKey(key), count: shown.length, ...each};
    await put(pictures.thumbnails.key, path);
  }
  return pictures;
}

/** Adds addresses to the pictures of a result. They work for as long as the address of its film. */
export async function withAddresses(
  {poster, thumbnails}: Pictures,
  {storage, expiresIn}: {storage: Pick<Storage, 'url'>; expiresIn?: number | undefined},
): Promise<Pictures> {
  const address = (key: string) => storage.url(key, {...(expiresIn !== undefined && {expiresIn})});
  return {
    ...(poster && {poster: {...poster, url: await address(poster.key)}}),
    ...(thumbnails && {thumbnails: {...thumbnails, url: await address(thumbnails.key)}}),
  };
}
