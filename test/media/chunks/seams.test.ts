import {readFile, stat, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {borderFrames} from '../../../src/media/seams/border-frames.ts';
import {wrongBorders} from '../../../src/media/seams/seams.ts';
import {type ChunkFile, joinFacts} from '../../../src/model/segment-file.ts';
import {borderOf} from '../../../src/renderers/revideo/page/border.ts';
import {readStream} from '../../support/annex-b.ts';
import {ffmpeg, mediaDirectory} from '../../support/media.ts';

const media = mediaDirectory();
const SIZE = {width: 160, height: 90};
const FRAME = (SIZE.width * SIZE.height * 3) / 2;
/** Moves fast enough that neighbours differ, and slowly enough that they are alike. */
const PICTURE = `testsrc2=size=${SIZE.width}x${SIZE.height}:rate=30,format=yuv420p`;
const {signal} = new AbortController();
let count = 0;

/** A chunk of frames `[start, end)`, drawn with `filter`, and with the intended pictures at its borders. */
async function chunk(start: number, end: number, filter = 'null'): Promise<ChunkFile> {
  const path = media.path(`${count++}.h264`);
  // Without a rate behind setpts, ffmpeg 7 takes the picture for one of 25 frames a second, and leaves some out.
  const range = `trim=start_frame=${start}:end_frame=${end},setpts=N/30/TB,fps=30`;
  const source = ['-f', 'lavfi', '-i', PICTURE];
  const raw = await ffmpeg(...source, '-vf', range, '-f', 'rawvideo', '-');
  const encoder = ['-c:v', 'libx264', '-crf', '28', '-g', '8', '-bf', '0', '-f', 'h264'];
  await ffmpeg(...source, '-vf', `${range},${filter}`, '-frames:v', String(end - start), ...encoder, path);
  const border = (index: number) => borderOf(raw.subarray(index * FRAME, (index + 1) * FRAME), SIZE);
  return {path, frames: end - start, borders: {first: border(0), last: border(end - start - 1)}};
}

const black = (frame: number) => `drawbox=t=fill:color=black:enable='eq(n,${frame})'`;

test('chunks that begin and end as they were drawn are right, however long they are', async () => {
  const chunks = [await chunk(0, 30), await chunk(30, 31), await chunk(31, 39), await chunk(39, 60)];
  expect(await wrongBorders(chunks, {signal})).toEqual([]);
});

/** The frames of one chunk with the record of another. */
const mistaken = async (is: ChunkFile, says: ChunkFile): Promise<ChunkFile> => ({...says, path: is.path});

test.each<[string, () => Promise<ChunkFile>]>([
  ['begins with a black frame', () => chunk(30, 51, black(0))],
  ['ends with a black frame', () => chunk(30, 51, black(20))],
  [
    'repeats the last frame of the chunk before',
    async () => mistaken(await chunk(29, 50), await chunk(30, 51)),
  ],
  [
    'shows the first frame of the next chunk too early',
    async () => mistaken(await chunk(31, 52), await chunk(30, 51)),
  ],
  ['is another picture', () => chunk(30, 51, 'hflip')],
])('a chunk that %s is found, and no other', async (_, wrong) => {
  const chunks = [await chunk(0, 30), await wrong(), await chunk(51, 60)];
  expect(await wrongBorders(chunks, {signal})).toEqual([1]);
});

test('chunks of a renderer that does not see its frames are not looked at', async () => {
  const {borders: _, ...unseen} = await chunk(0, 9, black(0));
  expect(await wrongBorders([unseen, await chunk(9, 18, black(0))], {signal})).toEqual([1]);
});

test('of a long chunk, only its first frame and what follows its last keyframe is decoded', async () => {
  const {path} = await chunk(0, 60);
  const {bytes, frames} = await borderFrames(path);
  expect(frames).toBe(1 + (60 % 8));
  expect(readStream(bytes).frames).toBe(frames);
  expect(bytes.length).toBeLessThan((await stat(path)).size / 3);
  const short = await chunk(0, 8);
  expect(await borderFrames(short.path)).toEqual({bytes: await readFile(short.path), frames: 8});
});

test('a frame of one colour is that colour in all areas, whatever its size', () => {
  const even = fc.integer({min: 1, max: 200}).map((half) => half * 2);
  fc.assert(
    fc.property(even, even, fc.nat({max: 255}), (width, height, luma) => {
      const areas = Buffer.from(
        borderOf(new Uint8Array(width * height * 1.5).fill(luma), {width, height}),
        'base64',
      );
      expect(areas).toEqual(Buffer.alloc(32 * 18, luma));
    }),
  );
});

test('a border between two workers within a chunk is looked at like one between chunks', async () => {
  const joined = async (runs: ChunkFile[]): Promise<ChunkFile> => {
    const path = media.path(`${count++}.h264`);
    const bytes = await Promise.all(runs.map((run) => readFile(run.path)));
    await writeFile(path, Buffer.concat(bytes));
    let offset = 0;
    const parts = runs.map(({frames, borders}, index) => {
      const run = {offset, bytes: bytes[index]?.length ?? 0, frames, ...(borders && {borders})};
      offset += run.bytes;
      return run;
    });
    return {...joinFacts(runs), path, runs: parts};
  };
  const right = [await chunk(0, 9), await chunk(9, 18), await chunk(18, 27)];
  expect(await wrongBorders([await joined(right), await chunk(27, 36)], {signal})).toEqual([]);
  const wrong = [await chunk(0, 9), await chunk(9, 18, black(0)), await chunk(18, 27)];
  expect(await wrongBorders([await chunk(27, 36), await joined(wrong)], {signal})).toEqual([1]);
});
