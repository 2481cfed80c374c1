import {execa} from 'execa';
import {ALL_FORMATS, FilePathSource, Input} from 'mediabunny';
import {findFfmpeg} from '../../src/media/ffmpeg.ts';

/** How far two films' frames of the same number are apart. */
export interface PictureDifference {
  /** Peak signal-to-noise ratio over red, green and blue, in dB; Infinity for the same. */
  decibels: number;
  /** Mean difference in the patch that differs most, 0 to 255. A word that is missing shows here first. */
  patch: number;
}

/** Pixels. Larger frames are made smaller before they are compared: that takes away what encoders add. */
const WIDTH = 320;
/** Pixels. */
const PATCH = 8;

/**
 * Compares two films frame by frame, as ffmpeg decodes them, each by the colours it is tagged with.
 * Ends with the shorter film.
 *
 * @param one decides the size at which both are compared
 */
export async function comparePictures(one: string, other: string): Promise<PictureDifference[]> {
  const size = await sizeOf(one);
  const width = Math.min(WIDTH, size.width);
  const height = Math.max(1, Math.round((size.height * width) / size.width));
  const found: PictureDifference[] = [];
  const frames = decoded(other, {width, height});
  try {
    for await (const frame of decoded(one, {width, height})) {
      const next = await frames.next();
      if (next.done) break;
      found.push(compareFrames(frame, next.value, width));
    }
  } finally {
    await frames.return(undefined);
  }
  return found;
}

/** Counts the frames that a film decodes to. */
export async function countFrames(film: string): Promise<number> {
  let count = 0;
  for await (const _ of decoded(film, {width: 2, height: 2})) count++;
  return count;
}

async function sizeOf(film: string): Promise<{width: number; height: number}> {
  using input = new Input({source: new FilePathSource(film), formats: ALL_FORMATS});
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error(`${film} has no picture.`);
  return {width: await track.getDisplayWidth(), height: await track.getDisplayHeight()};
}

/** A film's frames, one after the other: red, green and blue of each pixel, row by row. */
async function* decoded(
  film: string,
  {width, height}: {width: number; height: number},
): AsyncGenerator<Buffer, void> {
  const picture = ['-vsync', '0', '-vf', `scale=${width}:${height}:flags=area+accurate_rnd`];
  const raw = ['-map', '0:v:0', ...picture, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const child = execa(await findFfmpeg(), ['-nostdin', '-v', 'error', '-i', film, ...raw], {
    encoding: 'buffer',
    buffer: {stdout: false},
    reject: false,
  });
  const length = width * height * 3;
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < length) continue;
    const all = Buffer.concat(waiting);
    let at = 0;
    for (; at + length <= all.length; at += length) yield all.subarray(at, at + length);
    waiting = [all.subarray(at)];
    bytes = all.length - at;
  }
  const {failed, stderr} = await child;
  if (failed) throw new Error(`ffmpeg cannot decode ${film}: ${stderr}`);
}

/** Compares two frames of three bytes a pixel. */
export function compareFrames(one: Buffer, other: Buffer, width: number): PictureDifference {
  const columns = Math.ceil(width / PATCH);
  const height = one.length / 3 / width;
  const sums = new Float64Array(columns * Math.ceil(height / PATCH));
  const counts = new Float64Array(sums.length);
  let squares = 0;
  for (let index = 0; index < one.length; index++) {
    const difference = Math.abs((one[index] ?? 0) - (other[index] ?? 0));
    squares += difference * difference;
    const pixel = Math.floor(index / 3);
    const patch = Math.floor(pixel / width / PATCH) * columns + Math.floor((pixel % width) / PATCH);
    sums[patch] = (sums[patch] ?? 0) + difference;
    counts[patch] = (counts[patch] ?? 0) + 1;
  }
  const mean = squares / one.length;
  return {
    decibels: mean === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / mean),
    patch: sums.reduce((worst, sum, patch) => Math.max(worst, sum / (counts[patch] ?? 1)), 0),
  };
}
