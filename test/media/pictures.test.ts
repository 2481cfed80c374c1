import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {checkPictures, putPictures, withAddresses} from '../../src/job/pictures.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {ffmpeg, mediaDirectory} from '../support/media.ts';
import {scratch} from '../support/processes.ts';

const media = mediaDirectory();
const signal = AbortSignal.timeout(120_000);
const [FPS, FRAMES, SIZE] = [24_000 / 1001, 150, {width: 320, height: 192}];
const timeline = {frames: FRAMES, fps: FPS, size: SIZE};
const BITS = 8;

/** Frame n shows n in binary: fields from left to right, white for 1. Compressed with rare keyframes, and with sound. */
beforeAll(async () => {
  const field = `geq=lum='if(mod(floor(N/pow(2,floor(X/${SIZE.width / BITS}))),2),235,16)':cb=128:cr=128`;
  const picture = ['-f', 'lavfi', '-i', `color=size=320x192:rate=24000/1001,${field}`];
  const sound = ['-f', 'lavfi', '-i', 'sine=sample_rate=48000'];
  const film = ['-c:v', 'libx264', '-g', '48', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const colours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const end = ['-frames:v', `${FRAMES}`, '-t', `${FRAMES / FPS}`];
  await ffmpeg(...picture, ...sound, ...film, ...colours, ...end, media.path('film.mp4'));
}, 60_000);

/** Takes pictures, and gives what the result says with the numbers that are read from them. */
async function take(asked: {poster?: number; thumbnails?: number}) {
  const storage = directoryStorage({root: scratch()});
  const film = media.path('film.mp4');
  const options = {film, key: 'renders/a.b.mp4', timeline, storage, directory: scratch(), signal};
  const pictures = await putPictures(asked, ffmpegMedia, options);
  const shown = async (key: string, {width, height}: typeof SIZE) => {
    const path = join(storage.bucket, key);
    const raw = await ffmpeg('-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', '-');
    return readNumbers(raw, {total: raw.length / height, width, height});
  };
  return {pictures, shown, storage};
}

/** Numbers in pictures beside each other. */
function readNumbers(raw: Buffer, {total, width, height}: {total: number; width: number; height: number}) {
  const bit = (picture: number, index: number) => {
    const x = Math.floor(picture * width + ((index + 0.5) * width) / BITS);
    return (raw[Math.floor(height / 2) * total + x] ?? 0) > 127 ? 2 ** index : 0;
  };
  return Array.from({length: total / width}, (_, picture) =>
    Array.from({length: BITS}, (_, index) => bit(picture, index)).reduce((sum, value) => sum + value, 0),
  );
}

describe('Pictures of a film', () => {
  it.each([0, 1, 47, 48, 101, FRAMES - 1])(
    'a poster at the time of frame %i is that frame, whole',
    async (frame) => {
      // The time as people write it, and any time within the frame.
      for (const poster of [Math.ceil((frame / FPS) * 1e6) / 1e6, (frame + 0.9) / FPS]) {
        const {pictures, shown} = await take({poster});
        expect(pictures).toEqual({poster: {key: 'renders/a.b.poster.jpg'}});
        expect(await shown('renders/a.b.poster.jpg', SIZE)).toEqual([frame]);
      }
    },
  );

  it.each([1, 12, 30])('%i thumbnails are evenly spread, from left to right', async (thumbnails) => {
    const {pictures, shown} = await take({thumbnails});
    const each = {width: 160, height: 96};
    expect(pictures).toEqual({thumbnails: {key: 'renders/a.b.thumbnails.jpg', count: thumbnails, ...each}});
    const spread = Array.from({length: thumbnails}, (_, index) =>
      Math.floor(((index + 0.5) / thumbnails) * FRAMES),
    );
    expect(await shown('renders/a.b.thumbnails.jpg', each)).toEqual(spread);
  });

  it("have the film's colours", async () => {
    const film = media.path('orange.mp4');
    const orange =
      'color=#e07030:size=320x192:rate=30,format=rgb24,scale=out_color_matrix=bt709:out_range=limited,format=yuv420p';
    const tags = [
      '-colorspace',
      'bt709',
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-color_range',
      'tv',
    ];
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      orange,
      '-frames:v',
      '30',
      '-c:v',
      'libx264',
      '-qp',
      '8',
      ...tags,
      film,
    );
    const storage = directoryStorage({root: scratch()});
    const flat = {frames: 30, fps: 30, size: SIZE};
    const options = {film, key: 'o.mp4', timeline: flat, storage, directory: scratch(), signal};
    await putPictures({poster: 0.5, thumbnails: 20}, ffmpegMedia, options);
    for (const key of ['o.poster.jpg', 'o.thumbnails.jpg']) {
      const decode = ['-vf', 'scale=flags=accurate_rnd+full_chroma_int,format=rgb24', '-f', 'rawvideo', '-'];
      const pixels = await ffmpeg('-i', join(storage.bucket, key), ...decode);
      for (const [index, value] of [0xe0, 0x70, 0x30].entries())
        expect(Math.abs((pixels[index] ?? 0) - value)).toBeLessThanOrEqual(4);
    }
  });

  it('are as many as there are frames, at most', async () => {
    const storage = directoryStorage({root: scratch()});
    const film = media.path('film.mp4');
    const short = {...timeline, frames: 3};
    const options = {film, key: 'x.mp4', timeline: short, storage, directory: scratch(), signal};
    expect(await putPictures({thumbnails: 100}, ffmpegMedia, options)).toMatchObject({
      thumbnails: {count: 3},
    });
    expect(readFileSync(join(storage.bucket, 'x.thumbnails.jpg')).subarray(0, 2)).toEqual(
      Buffer.from([0xff, 0xd8]),
    );
  });

  it('have addresses like their film', async () => {
    const {pictures, storage} = await take({poster: 1, thumbnails: 2});
    const addressed = await withAddresses(pictures, {storage, expiresIn: 60});
    expect(addressed.poster?.url).toMatch(/^file:.*renders\/a\.b\.poster\.jpg$/);
    expect(addressed.thumbnails).toMatchObject({count: 2, url: expect.stringMatching(/\.thumbnails\.jpg$/)});
    expect(await withAddresses({}, {storage})).toEqual({});
  });

  it('a poster behind the end is refused with the length of the film', () => {
    expect(() => checkPictures({poster: 5}, {frames: 150, fps: 30})).toThrow(
      expect.objectContaining({
        name: 'BadEvent',
        message:
          "The event cannot be used. poster is 5; it must be at least 0 s and less than the film's length, 5 s (150 frames, 30 a second).",
      }),
    );
    checkPictures({poster: 4.999}, {frames: 150, fps: 30});
    checkPictures({}, {frames: 1, fps: 30});
  });
});
