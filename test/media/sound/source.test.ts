import {readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {beforeAll, describe, expect, test} from 'vitest';
import {decode, ffmpeg, impulses, mediaDirectory, noise, peaks, writeWav} from '../../support/media.ts';
import {silentServer} from '../../support/silent-server.ts';
import {run, studio} from '../../support/soundtrack.ts';

const media = mediaDirectory();
const soundtrack = studio(media);
const LSB = 1 / 32768;
const NOISE = noise(96_000);

describe('makeSoundtrack reads', {timeout: 120_000}, () => {
  beforeAll(async () => {
    await writeWav(media.path('noise.wav'), {rate: 48_000, channels: [NOISE, NOISE]});
    const clicks = impulses(88_200, {22050: 0.5, 66150: -0.25});
    await writeWav(media.path('clicks-44100.wav'), {rate: 44_100, channels: [clicks, clicks]});
    await writeWav(media.path('clicks-44100-mono.wav'), {rate: 44_100, channels: [clicks]});
    await writeWav(media.path('clicks-22050-mono.wav'), {
      rate: 22_050,
      channels: [impulses(44_100, {11025: 0.5, 33075: -0.25})],
    });
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=30:duration=2', '-c:v', 'libx264'];
    await ffmpeg(...picture, media.path('mute.mp4'));
    const sound = ['-i', media.path('clicks-44100-mono.wav')];
    await ffmpeg(...sound, ...picture, '-c:a', 'aac', '-b:a', '192k', media.path('clicks.mp4'));
    await ffmpeg('-itsoffset', '0.5', ...sound, ...picture, '-c:a', 'pcm_s16le', media.path('late.mov'));
    await ffmpeg(...sound, '-c:a', 'libopus', '-b:a', '192k', media.path('clicks.webm'));
    await ffmpeg(...sound, '-c:a', 'libmp3lame', '-b:a', '192k', media.path('clicks.mp3'));
  }, 60_000);

  test.each(['clicks-44100.wav', 'clicks-44100-mono.wav', 'clicks-22050-mono.wav'])(
    '%s sounds on both sides, to the sample and at its level',
    async (name) => {
      const [left, right] = await decode(
        await soundtrack([run(`/${name}`, {startFrame: 30, mediaTime: 0.25})]),
      );
      expect(peaks(left, 0.1)).toEqual([48_000 + 12_000, 48_000 + 60_000]);
      expect(left[60_000]).toBeCloseTo(0.5, 3);
      expect(left[108_000]).toBeCloseTo(-0.25, 3);
      expect(right).toEqual(left);
    },
  );

  test('a level of a mono source at 22,050 Hz stays that level', async () => {
    await writeWav(media.path('level-mono.wav'), {
      rate: 22_050,
      channels: [new Float32Array(66_150).fill(0.25)],
    });
    const [left, right] = await decode(await soundtrack([run('/level-mono.wav')]));
    const middle = left.subarray(1000, 143_000);
    expect(middle.findIndex((sample) => Math.abs(sample - 0.25) > 2 * LSB)).toBe(-1);
    expect(right).toEqual(left);
  });

  test.each(['clicks.mp4', 'clicks.webm', 'clicks.mp3'])(
    'what an encoder puts in front of %s is not heard',
    async (name) => {
      const [left] = await decode(await soundtrack([run(`/${name}`)]));
      expect(peaks(left, 0.2)).toEqual([24_000, 72_000]);
    },
  );

  test('a track that starts later than its video sounds later', async () => {
    const [left] = await decode(await soundtrack([run('/late.mov', {startFrame: 3})]));
    expect(peaks(left, 0.1)).toEqual([4800 + 24_000 + 24_000, 4800 + 72_000 + 24_000]);
  });

  test('a video without sound contributes nothing', async () => {
    const path = await soundtrack([run('/mute.mp4'), run('/noise.wav', {frames: 30})]);
    const [left] = await decode(path);
    expect(left.subarray(0, 48_000)).toEqual(NOISE.subarray(0, 48_000));
    expect(left.subarray(48_000).every((sample) => sample === 0)).toBe(true);
  });

  test('a source that is missing or is none is named, with what ffmpeg says of it', async () => {
    await writeFile(media.path('words.wav'), 'These are words and no sound.');
    await expect(soundtrack([run('/absent.wav')])).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringMatching(/\/absent\.wav cannot be read: .*No such file/),
    });
    await expect(soundtrack([run('/noise.wav'), run('/words.wav')])).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringMatching(/\/words\.wav cannot be read: .*Invalid data/),
    });
  });

  describe('over http', () => {
    async function serve() {
      const server = createServer(async (request, response) => {
        const name = request.url?.slice(1) ?? '';
        const body = await readFile(media.path(name)).catch(() => undefined);
        response.writeHead(body ? 200 : 404).end(body);
      });
      await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
      const {port} = server.address() as AddressInfo;
      return {
        origin: `http://127.0.0.1:${port}`,
        [Symbol.asyncDispose]: () =>
          new Promise<void>((done) => void server.close(() => done()).closeAllConnections()),
      };
    }

    test('a source is the same as from a file', async () => {
      await using server = await serve();
      const [left] = await decode(await soundtrack([run(`${server.origin}/noise.wav`)]));
      expect(left.subarray(0, 96_000)).toEqual(NOISE);
      await expect(soundtrack([run(`${server.origin}/absent.wav`)])).rejects.toMatchObject({
        name: 'MediaFailed',
      });
    });

    test('a server that never answers is not waited for', async () => {
      const src = `${await silentServer()}/stalls.mp3`;
      await expect(soundtrack([run(src)], {mediaTimeout: 1})).rejects.toMatchObject({
        name: 'MediaFailed',
        message: expect.stringContaining(`${src} cannot be read`),
      });
    });

    test('a playlist is not read, wherever it is and whatever it is called', async () => {
      await using server = await serve();
      await ffmpeg('-i', media.path('noise.wav'), '-c:a', 'aac', '-f', 'adts', media.path('piece.aac'));
      const playlist = (address: string) =>
        `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${address}\n#EXT-X-ENDLIST\n`;
      const addresses = [`file://${media.path('piece.aac')}`, `${server.origin}/piece.aac`, 'piece.aac'];
      for (const [index, address] of addresses.entries()) {
        for (const name of [`list-${index}.m3u8`, `list-${index}.mp3`]) {
          await writeFile(media.path(name), playlist(address));
          for (const src of [`/${name}`, `${server.origin}/${name}`]) {
            await expect(soundtrack([run(src)])).rejects.toMatchObject({
              name: 'MediaFailed',
              message: expect.stringContaining(`${src} cannot be read: `),
            });
          }
        }
      }
    });
  });
});
