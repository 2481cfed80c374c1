import {createReadStream} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {persist} from '../../base/persist.ts';
import type {ChunkFile} from '../../model/segment-file.ts';
import {findFfmpeg, runFfmpeg} from '../ffmpeg.ts';
import {mp4} from '../formats/formats.ts';
import {borderFrames} from './border-frames.ts';
import {GRID} from './border-grid.ts';

/** Bytes of a decoded frame: luma, and two planes of colour differences of half the size. */
const AREAS = GRID.columns * GRID.rows;
const FRAME = AREAS * 1.5;
/** Steps of 255 by which the areas may differ in the mean: compression changes them by less than 2, another picture by more. */
const ALIKE = 8;

/**
 * Decodes the first and the last frame of every run that was drawn in one document, and compares them with the page's pictures of
 * them. So it finds a black frame, or one that repeats its neighbour across the border. Runs without `borders` are
 * not looked at.
 *
 * @param chunks in the film's order
 * @returns the indices of chunks that are wrong
 * Rejects as `runFfmpeg` does.
 */
export async function wrongBorders(
  chunks: readonly ChunkFile[],
  {signal}: {signal: AbortSignal},
): Promise<number[]> {
  const runs = chunks.flatMap((chunk, index) =>
    (chunk.runs ?? [{...chunk, offset: undefined}]).map((run) => ({...run, path: chunk.path, index})),
  );
  const known = runs.flatMap((run, place) => (run.borders ? [{...run, place}] : []));
  const [first] = known;
  if (!first) return [];
  const stream = join(dirname(first.path), `borders.${mp4.chunkExtension}`);
  const pictures = join(dirname(first.path), 'borders.yuv');
  try {
    const frames: number[] = [];
    await rm(stream, {force: true});
    for (const run of known) {
      const border = await borderFrames(run.path, run.offset === undefined ? undefined : run);
      await writeFile(stream, border.bytes, {flag: 'a', signal});
      frames.push(border.frames);
    }
    const size = `scale=${GRID.columns}:${GRID.rows}:flags=area`;
    const args = [
      // With a fixed rate, so that no frame is dropped or shown twice because of the stream's timing.
      ...['-r', '25', '-f', mp4.chunkDemuxer, '-i', `file:${stream}`],
      ...['-vf', size, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', `file:${pictures}`],
    ];
    const run = {ffmpeg: await findFfmpeg(), signal, what: 'looking at the borders of the chunks'};
    await persist(() => runFfmpeg(args, run), {signal});
    const decoded = await readBorders(pictures, frames);
    const drawn = known.map(({borders}) => ({
      first: Buffer.from(borders?.first ?? '', 'base64'),
      last: Buffer.from(borders?.last ?? '', 'base64'),
    }));
    const wrong = known.flatMap(({index, place}, at) => {
      const seen = decoded[at];
      const own = drawn[at];
      const before = known[at - 1]?.place === place - 1 ? drawn[at - 1]?.last : undefined;
      const after = known[at + 1]?.place === place + 1 ? drawn[at + 1]?.first : undefined;
      const right =
        seen && own && isLike(seen.first, own.first, before) && isLike(seen.last, own.last, after);
      return right ? [] : [index];
    });
    return [...new Set(wrong)];
  } finally {
    await rm(stream, {force: true});
    await rm(pictures, {force: true});
  }
}

/** The first and the last of each row of decoded frames. */
async function readBorders(
  path: string,
  frames: readonly number[],
): Promise<({first: Buffer; last: Buffer} | undefined)[]> {
  const wanted: Buffer[] = [];
  let rest = Buffer.alloc(0);
  for await (const bytes of createReadStream(path, {highWaterMark: FRAME * 1000})) {
    const all = Buffer.concat([rest, bytes as Buffer]);
    const whole = Math.floor(all.byteLength / FRAME);
    for (let frame = 0; frame < whole; frame++) {
      wanted.push(Buffer.from(all.subarray(frame * FRAME, frame * FRAME + AREAS)));
    }
    rest = all.subarray(whole * FRAME);
  }
  let at = 0;
  return frames.map((count) => {
    const [first, last] = [wanted[at], wanted[at + count - 1]];
    at += count;
    return first && last && {first, last};
  });
}

/** Whether a frame is what was drawn, and not rather its neighbour in the next chunk, where the two differ. */
function isLike(seen: Buffer, drawn: Buffer, neighbour: Buffer | undefined): boolean {
  const distance = difference(seen, drawn);
  if (distance > ALIKE) return false;
  return !neighbour || difference(drawn, neighbour) < 1 || distance <= difference(seen, neighbour);
}

/** The mean of the differences, in steps of 255. */
function difference(one: Buffer, other: Buffer): number {
  let sum = 0;
  for (let index = 0; index < AREAS; index++) sum += Math.abs((one[index] ?? 0) - (other[index] ?? 0));
  return sum / AREAS;
}
