import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {launch} from 'puppeteer-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {findFfmpeg} from '../../../src/media/ffmpeg.ts';
import {mp4} from '../../../src/media/formats/formats.ts';
import {mergeFilm} from '../../../src/media/join/merge.ts';
import {ENCODINGS, QUALITIES} from '../../../src/model/quality.ts';
import {findBrowser} from '../../../src/renderers/revideo/browser.ts';
import {drawChunk} from '../../support/draw-chunk.ts';
import {openStage} from '../../support/exact.ts';
import {ffmpeg} from '../../support/media.ts';

/** As in the project. */
const LEVELS = [0, 51, 102, 153, 204, 255];
const COLUMNS = 18;
const PATCH = 64;
const SIZE = {width: 1152, height: 768};
const COLOURS = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => [red, green, blue])));

/** Steps of 255. The browser's encoder rounds colour differences coarsely, and has no setting for that. */
const TOLERANCE = {cheapest: 4, balanced: 2, best: 2};

/** How far the middle of a patch is from its colour, at most, over 16 x 16 pixels of every patch. */
function furthest(pixels: Uint8Array, bytesPerPixel: number): number {
  let most = 0;
  COLOURS.forEach((colour, index) => {
    const left = (index % COLUMNS) * PATCH + 24;
    const top = Math.floor(index / COLUMNS) * PATCH + 24;
    for (let y = top; y < top + 16; y++) {
      for (let x = left; x < left + 16; x++) {
        colour.forEach((level, component) => {
          const found = pixels[(y * SIZE.width + x) * bytesPerPixel + component] ?? 999;
          most = Math.max(most, Math.abs(found - level));
        });
      }
    }
  });
  return most;
}

describe.each(QUALITIES)('%s: the colours of flat patches', (quality) => {
  let directory = '';
  let film = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'colours-test-'));
    await using stage = openStage('patches');
    const signal = AbortSignal.timeout(120_000);
    const {frames, fps} = await stage.plan();
    const request = {start: 0, end: frames, variables: {}, encoding: ENCODINGS[quality]};
    const chunk = await drawChunk(stage.renderer, request, {directory, signal});
    film = await mergeFilm({
      chunks: [chunk],
      timeline: {frames, fps, size: SIZE},
      format: mp4,
      directory,
      signal,
    });
  });
  afterAll(() => rm(directory, {recursive: true, force: true}));

  test('are those of the canvas as ffmpeg decodes them, in the first frame and in the last', async () => {
    const decoded = await ffmpeg(
      ...['-i', film, '-vf', 'scale=flags=accurate_rnd+full_chroma_int', '-pix_fmt', 'rgb24'],
      ...['-f', 'rawvideo', '-'],
    );
    const frame = SIZE.width * SIZE.height * 3;
    expect(furthest(decoded.subarray(0, frame), 3)).toBeLessThanOrEqual(TOLERANCE[quality]);
    expect(furthest(decoded.subarray(-frame), 3)).toBeLessThanOrEqual(TOLERANCE[quality]);
  });

  test('are those of the canvas as Chromium plays them', async () => {
    const program = await findBrowser(readConfig().cache);
    // On a GPU, as on most screens, if an emulated one. On the CPU, Chromium's conversion shows the blue of
    // every BT.709 film up to 12/255 too dark. One of its coefficients does not fit into its byte.
    const browser = await launch({
      executablePath: program.path,
      headless: 'shell',
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--ignore-gpu-blocklist',
        '--force-color-profile=srgb',
      ],
      env: {...process.env, ...program.environment},
    });
    try {
      const page = await browser.newPage();
      const address = `data:video/mp4;base64,${(await readFile(film)).toString('base64')}`;
      const pixels = await page.evaluate(async (address) => {
        const video = document.createElement('video');
        video.src = address;
        await new Promise((resolve, reject) => {
          video.requestVideoFrameCallback(resolve);
          void video.play();
          video.onerror = () => reject(new Error(video.error?.message));
        });
        const canvas = document.createElement('canvas');
        Object.assign(canvas, {width: video.videoWidth, height: video.videoHeight});
        const context = canvas.getContext('2d');
        context?.drawImage(video, 0, 0);
        return Array.from(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? []);
      }, address);
      expect(furthest(Uint8Array.from(pixels), 4)).toBeLessThanOrEqual(TOLERANCE[quality]);
    } finally {
      await browser.close();
    }
  });

  test('are tagged for what they are', async () => {
    const {stderr} = await execa(await findFfmpeg(), ['-hide_banner', '-i', film], {reject: false});
    expect(stderr).toMatch(/Video: h264 \(High\).*yuv420p\(tv, bt709[,)]/);
  });
});
