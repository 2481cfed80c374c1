import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import {beforeAll, describe, expect, test} from 'vitest';
import {mp4} from '../../src/media/formats/formats.ts';
import {mergeFilm} from '../../src/media/join/merge.ts';
import {type FilmCheck, verifyFilm} from '../../src/media/verify-film.ts';
import {ffmpeg, mediaDirectory, tone, writeWav} from '../support/media.ts';

const media = mediaDirectory();
const PLAN = {frames: 40, fps: 30000 / 1001, size: {width: 160, height: 90}};
const LENGTH = Math.round((PLAN.frames * 48_000) / PLAN.fps);

async function encode(frames: number): Promise<string> {
  const path = media.path(`${frames}.h264`);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30', '-frames:v', String(frames)];
  await ffmpeg(...picture, '-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p', '-f', 'h264', path);
  return path;
}

interface Film {
  paths: string[];
  /** Samples of sound; none at all if left out. */
  sound?: number;
  fps?: number;
}

async function film({paths, sound, fps = PLAN.fps}: Film): Promise<string> {
  const directory = await mkdtemp(media.path('film-'));
  const samples = tone(sound ?? 0, {hertz: 440, rate: 48_000, amplitude: 0.5});
  const soundtrack = sound
    ? await writeWav(`${directory}/in.wav`, {rate: 48_000, channels: [samples, samples]})
    : undefined;
  return mergeFilm({
    chunks: paths.map((path) => ({path, frames: 20})),
    timeline: {...PLAN, fps},
    format: mp4,
    directory,
    signal: AbortSignal.timeout(60_000),
    ...(soundtrack ? {soundtrack} : {}),
  });
}

/** The picture of a film again, with other timestamps: `delay` says by how many seconds each frame is late. */
async function rewrite(
  from: string,
  {path, delay}: {path: string; delay: (index: number) => number},
): Promise<void> {
  using input = new Input({source: new FilePathSource(from), formats: [MP4]});
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('no picture');
  const target = new BufferTarget();
  const output = new Output({format: new Mp4OutputFormat(), target});
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source);
  await output.start();
  let index = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const timestamp = packet.timestamp + delay(index);
    await source.add(packet.clone({timestamp}), {decoderConfig: config});
    index += 1;
  }
  await output.finalize();
  await writeFile(path, new Uint8Array(target.buffer ?? []));
}

const verify = (
  path: string,
  {sound = true, ...plan}: Partial<FilmCheck['timeline']> & {sound?: boolean} = {},
) => verifyFilm({path, timeline: {...PLAN, ...plan}, sound});

/** Both as regular expressions. */
const mismatch = (expected: string, found: string) => ({
  name: 'FilmMismatch',
  message: expect.stringMatching(new RegExp(`expected ${expected}, found ${found} \\(/.*\\)`)),
});

describe('verifyFilm', {timeout: 60_000}, () => {
  let chunk: string;
  let good: string;

  beforeAll(async () => {
    chunk = await encode(20);
    good = await film({paths: [chunk, chunk], sound: LENGTH});
  }, 60_000);

  test('a film as planned passes', async () => {
    await verify(good);
    await verify(await film({paths: [chunk, chunk]}), {sound: false});
  });

  test('a missing chunk', async () => {
    const path = await film({paths: [chunk], sound: LENGTH});
    await expect(verify(path)).rejects.toMatchObject(mismatch('40 frames', '20'));
  });

  test('a frame too few or too many', async () => {
    const short = await film({paths: [chunk, await encode(19)], sound: LENGTH});
    await expect(verify(short)).rejects.toMatchObject(mismatch('40 frames', '39'));
    const long = await film({paths: [chunk, await encode(21)], sound: LENGTH});
    await expect(verify(long)).rejects.toMatchObject(mismatch('40 frames', '41'));
  });

  test('another size', async () => {
    const size = {width: 160, height: 120};
    await expect(verify(good, {size})).rejects.toMatchObject(mismatch('160x120 pixels', '160x90'));
  });

  test.each([30, 29.5, 60])('another frame rate than %f', async (fps) => {
    await expect(verify(good, {fps})).rejects.toMatchObject(mismatch('frame 0 to last .* s', '.* s'));
  });

  test.each([
    [
      'a frame that comes late',
      (index: number) => (index === 25 ? 0.004 : 0),
      'frame 24 to last 0.033\\d* s',
      '0.037\\d* s',
    ],
    ['a pause', (index: number) => (index > 25 ? 0.1 : 0), 'frame 25 to last 0.033\\d* s', '0.133\\d* s'],
    ['a start behind 0', () => 0.1, 'frame 0 at 0 s', 'it at 0.1\\d* s'],
  ])('%s', async (name, delay, expected, found) => {
    const path = media.path(`${name}.mp4`);
    await rewrite(await film({paths: [chunk, chunk], fps: 30}), {path, delay});
    await expect(verify(path, {sound: false, fps: 30})).rejects.toMatchObject(mismatch(expected, found));
  });

  test('a picture that does not begin with a keyframe', async () => {
    const bytes = await readFile(chunk);
    const keyframe = bytes.indexOf(Buffer.from([0, 0, 1, 0x65]));
    const next = bytes.indexOf(Buffer.from([0, 0, 1, 0x41]));
    expect(keyframe).toBeGreaterThan(0);
    expect(next).toBeGreaterThan(keyframe);
    const headless = media.path('headless.h264');
    await writeFile(headless, Buffer.concat([bytes.subarray(0, keyframe), bytes.subarray(next)]));
    const path = media.path('headless.mp4');
    await ffmpeg('-r', '30', '-f', 'h264', '-i', headless, '-c', 'copy', '-copyinkf', path);
    await expect(verify(path, {frames: 19, fps: 30, sound: false})).rejects.toMatchObject(
      mismatch('a keyframe first', 'a delta frame'),
    );
    const merged = await film({paths: [headless, chunk]});
    await expect(verify(merged, {frames: 39, sound: false})).rejects.toMatchObject({name: 'FilmMismatch'});
  });

  test.each([-4800, -1500, 2500, 48_000])('sound that is %i samples off', async (difference) => {
    const path = await film({paths: [chunk, chunk], sound: LENGTH + difference});
    await expect(verify(path)).rejects.toMatchObject({
      name: 'FilmMismatch',
      message: expect.stringMatching(/expected 1\.33\d+ s of sound, found \d\.\d+ s/),
    });
  });

  test('sound where none is planned, and none where some is', async () => {
    await expect(verify(good, {sound: false})).rejects.toMatchObject(mismatch('no sound track', 'one'));
    const mute = await film({paths: [chunk, chunk]});
    await expect(verify(mute)).rejects.toMatchObject(mismatch('a sound track', 'none'));
  });

  test('sound that starts late', async () => {
    const path = media.path('late.mp4');
    await ffmpeg(
      '-i',
      good,
      '-itsoffset',
      '0.2',
      '-i',
      good,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c',
      'copy',
      path,
    );
    await expect(verify(path)).rejects.toMatchObject(
      mismatch('sound from 0 s on', 'its first packet at 0.1.* s'),
    );
  });

  test('a file that is no film, or has no picture', async () => {
    const words = media.path('words.mp4');
    await writeFile(words, 'These are words and no film.');
    await expect(verify(words)).rejects.toMatchObject(mismatch('a film', 'a file of another kind'));
    const sound = media.path('sound.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', sound);
    await expect(verify(sound)).rejects.toMatchObject(mismatch('a picture track', 'none'));
  });
});
