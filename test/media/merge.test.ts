import {copyFile, mkdtemp, readFile} from 'node:fs/promises';
import fc from 'fast-check';
import {EncodedPacketSink, FilePathSource, Input, MP4} from 'mediabunny';
import {beforeAll, describe, expect, test} from 'vitest';
import {mp4} from '../../src/media/formats/formats.ts';
import {mergeFilm} from '../../src/media/join/merge.ts';
import {verifyFilm} from '../../src/media/verify-film.ts';
import {fpsToRational, timescaleOf} from '../../src/model/frame-rate.ts';
import {planChunks} from '../../src/model/plan.ts';
import type {ChunkFile} from '../../src/model/segment-file.ts';
import {
  decode,
  ffmpeg,
  frequency,
  impulses,
  mediaDirectory,
  peaks,
  tone,
  writeWav,
} from '../support/media.ts';
import {everyFrame} from '../support/segments.ts';

const media = mediaDirectory();
const FRAMES = 50;
const SIZE = {width: 160, height: 90};
const PICTURE = `testsrc2=size=${SIZE.width}x${SIZE.height}:rate=30`;
/** Lossless, so that what is decoded does not depend on where it was cut. */
const X264 = '-c:v libx264 -qp 0 -preset veryfast -bf 0 -pix_fmt yuv420p -f h264'.split(' ');

/** Frames `[start, end)` as a renderer would deliver them, saying in the stream that they last 1/30 s. */
async function encode(start: number, end: number): Promise<ChunkFile> {
  const path = media.path(`${start}-${end}.h264`);
  const range = ['-vf', `trim=start_frame=${start}:end_frame=${end},setpts=N/30/TB`, '-r', '30'];
  await ffmpeg('-f', 'lavfi', '-i', PICTURE, ...range, ...X264, path);
  return {path, frames: end - start};
}

interface Film {
  chunks: ChunkFile[];
  fps?: number;
  frames?: number;
  soundtrack?: string;
}

async function merge({chunks, fps = 30, frames = FRAMES, soundtrack}: Film): Promise<string> {
  const directory = await mkdtemp(media.path('film-'));
  const timeline = {frames, fps, size: SIZE};
  const signal = AbortSignal.timeout(60_000);
  return mergeFilm({chunks, timeline, format: mp4, directory, signal, ...(soundtrack ? {soundtrack} : {})});
}

/** One hash for each decoded frame. */
async function pixels(...input: string[]): Promise<(string | undefined)[]> {
  const text = (
    await ffmpeg(...input, '-map', '0:v:0', '-pix_fmt', 'yuv420p', '-f', 'framemd5', '-')
  ).toString();
  const lines = text.split('\n').filter((line) => /^0,/.test(line));
  return lines.map((line) => line.split(',').at(-1)?.trim());
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of all) list.push(one);
  return list;
}

async function packets(path: string, type: 'video' | 'audio') {
  using input = new Input({source: new FilePathSource(path), formats: [MP4]});
  const track = type === 'video' ? await input.getPrimaryVideoTrack() : await input.getPrimaryAudioTrack();
  if (!track) throw new Error(`no ${type}`);
  const all = await collect(new EncodedPacketSink(track).packets());
  return {all, scale: await track.getTimeResolution()};
}

describe('mergeFilm', {timeout: 120_000}, () => {
  let whole: ChunkFile;
  let original: (string | undefined)[];

  beforeAll(async () => {
    whole = await encode(0, FRAMES);
    original = await pixels('-f', 'lavfi', '-i', `${PICTURE}:duration=${FRAMES / 30}`);
  }, 60_000);

  test.each([1, 2, 7, 25, 50])('%i chunks show the same frames as one', async (workers) => {
    const plan = planChunks(everyFrame(FRAMES), workers);
    const chunks = await Promise.all(plan.map(({start, end}) => encode(start, end)));
    const film = await merge({chunks});
    expect(original).toHaveLength(FRAMES);
    expect(await pixels('-i', film)).toEqual(original);
    await verifyFilm({path: film, timeline: {frames: FRAMES, fps: 30, size: SIZE}, sound: false});
    const keys = (await packets(film, 'video')).all.flatMap((packet, index) =>
      packet.type === 'key' ? [index] : [],
    );
    expect(keys).toEqual(plan.map(({start}) => start));
  });

  // The stream itself says 30 in every case.
  const rates = [
    24000 / 1001,
    30000 / 1001,
    60000 / 1001,
    23.976,
    29.97,
    24,
    25,
    30,
    50,
    60,
    7.5,
    12.3,
    1,
    120,
  ];
  test.each(rates)('every frame lasts as long as the next from 0 on, at %f fps', async (fps) => {
    const film = await merge({chunks: [await encode(0, 20), await encode(20, FRAMES)], fps});
    const {numerator, denominator} = fpsToRational(fps);
    const {all, scale} = await packets(film, 'video');
    const ticks = (denominator * scale) / numerator;
    expect(ticks % 1).toBe(0);
    expect(all.map(({timestamp}) => Math.round(timestamp * scale))).toEqual(
      all.map((_, index) => index * ticks),
    );
    expect(all.map(({duration}) => Math.round(duration * scale))).toEqual(all.map(() => ticks));
    expect(await pixels('-i', film)).toEqual(original);
  });

  test('stays exact over a long film', async () => {
    const chunks = Array.from({length: 400}, () => whole);
    const frames = FRAMES * chunks.length;
    const film = await merge({chunks, fps: 24000 / 1001, frames});
    await verifyFilm({path: film, timeline: {frames, fps: 24000 / 1001, size: SIZE}, sound: false});
  });

  test('a film of one frame is one frame long', async () => {
    const film = await merge({chunks: [await encode(0, 1)], frames: 1, fps: 25});
    await verifyFilm({path: film, timeline: {frames: 1, fps: 25, size: SIZE}, sound: false});
  });

  test.each([24000 / 1001, 25, 7.5])(
    'the sound begins with the picture and ends with it, at %f fps',
    async (fps) => {
      const length = Math.round((FRAMES * 48_000) / fps);
      const clicks = impulses(length, {0: 0.5, 24000: 0.5, [length - 200]: 0.5});
      const hum = tone(length, {hertz: 440, rate: 48_000, amplitude: 0.3});
      const channels = [clicks, hum];
      const soundtrack = await writeWav(media.path(`sound-${length}.wav`), {rate: 48_000, channels});
      const film = await merge({chunks: [whole], soundtrack, fps});
      await verifyFilm({path: film, timeline: {frames: FRAMES, fps, size: SIZE}, sound: true});

      const [left, right] = await decode(film);
      // AAC comes in frames of 1024, so that a decoder may give a part of one too much; never too little.
      expect(left.length).toBeGreaterThanOrEqual(length);
      expect(left.length).toBeLessThan(length + 1024);
      expect(peaks(left.subarray(100), 0.2)).toEqual([24_000 - 100, length - 200 - 100]);
      expect(frequency(right.subarray(4800, 20_000), 48_000)).toBeCloseTo(440, 0);
      using input = new Input({source: new FilePathSource(film), formats: [MP4]});
      const track = await input.getPrimaryAudioTrack();
      expect([
        await track?.getCodec(),
        await track?.getSampleRate(),
        await track?.getNumberOfChannels(),
      ]).toEqual(['aac', 48_000, 2]);
    },
  );

  test('the index comes before the data, so that a film plays while it loads', async () => {
    const bytes = await readFile(await merge({chunks: [whole]}));
    expect(bytes.indexOf('moov')).toBeGreaterThan(0);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('leaves the chunks as they were', async () => {
    const copy = media.path('copy.h264');
    await copyFile(whole.path, copy);
    await merge({chunks: [whole], fps: 24});
    expect((await readFile(whole.path)).equals(await readFile(copy))).toBe(true);
  });

  test('stops when told to', async () => {
    const timeline = {frames: FRAMES, fps: 30, size: SIZE};
    const directory = await mkdtemp(media.path('film-'));
    const request = {chunks: [whole], timeline, format: mp4, directory, signal: AbortSignal.abort()};
    await expect(mergeFilm(request)).rejects.toMatchObject({name: 'Aborted'});
  });
});

describe('fpsToRational', () => {
  test.each([
    [23.976, 24000, 1001],
    [23.976023976, 24000, 1001],
    [29.97, 30000, 1001],
    [59.94, 60000, 1001],
    [119.88, 120000, 1001],
    [30, 30, 1],
    [7.5, 15, 2],
    [12.5, 25, 2],
    [0.1, 1, 10],
    [23.98, 1199, 50],
  ])('%f is %i/%i', (fps, numerator, denominator) => {
    expect(fpsToRational(fps)).toEqual({numerator, denominator});
  });

  const whole = fc.integer({min: 1, max: 1000});

  test('finds whole and NTSC rates again', () => {
    fc.assert(
      fc.property(whole, (rate) => {
        expect(fpsToRational(rate)).toEqual({numerator: rate, denominator: 1});
        const ntsc = (rate * 1000) / 1001;
        const {numerator, denominator} = fpsToRational(ntsc);
        expect(numerator / denominator / ntsc).toBeCloseTo(1, 12);
      }),
    );
  });

  test('finds every simple fraction again', () => {
    fc.assert(
      fc.property(whole, fc.integer({min: 1, max: 20}), (numerator, denominator) => {
        const found = fpsToRational(numerator / denominator);
        expect(found.numerator * denominator).toBe(numerator * found.denominator);
      }),
    );
  });

  test('is in lowest terms, close, and gives whole ticks, for any rate', () => {
    const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
    fc.assert(
      fc.property(fc.double({min: 0.01, max: 1000, noNaN: true}), (fps) => {
        const rate = fpsToRational(fps);
        expect(gcd(rate.numerator, rate.denominator)).toBe(1);
        expect(Math.abs(rate.numerator / rate.denominator / fps - 1)).toBeLessThan(2.1e-6);
        const ticks = timescaleOf(rate) / rate.numerator;
        expect(Number.isInteger(ticks)).toBe(true);
        // The limit of an MP4.
        expect(timescaleOf(rate)).toBeLessThan(2 ** 31);
      }),
    );
  });
});
