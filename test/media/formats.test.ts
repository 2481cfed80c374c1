import {join} from 'node:path';
import {mp4} from '../../src/media/formats/formats.ts';
import {outputFormatConformance} from '../conformance/output-format.ts';
import {ffmpeg, mediaDirectory, tone, writeWav} from '../support/media.ts';

const media = mediaDirectory();
const FRAMES = 21;
const PICTURE = 'testsrc2=size=160x90:rate=30';

/** One hash for each decoded frame. */
async function framesOf(...input: string[]): Promise<(string | undefined)[]> {
  const text = await ffmpeg(...input, '-map', '0:v:0', '-pix_fmt', 'yuv420p', '-f', 'framemd5', '-');
  const lines = text.toString().split('\n');
  return lines.filter((line) => /^0,/.test(line)).map((line) => line.split(',').at(-1)?.trim());
}

outputFormatConformance(mp4, () => ({
  timeline: {frames: FRAMES, fps: 30, size: {width: 160, height: 90}},
  scratch: media.path('.'),
  // Lossless, so that what is decoded does not depend on where it was cut.
  async draw({start, end}, directory) {
    const path = join(directory, `${start}-${end}.${mp4.chunkExtension}`);
    const range = ['-vf', `trim=start_frame=${start}:end_frame=${end},setpts=N/30/TB`, '-r', '30'];
    const encoder = '-c:v libx264 -qp 0 -preset veryfast -bf 0 -pix_fmt yuv420p -f h264'.split(' ');
    await ffmpeg('-f', 'lavfi', '-i', PICTURE, ...range, ...encoder, path);
    return {start, end, file: {path, frames: end - start}};
  },
  framesOf: (path) => framesOf('-i', path),
  reference: () => framesOf('-f', 'lavfi', '-i', `${PICTURE}:duration=${FRAMES / 30}`),
  async sound() {
    const path = media.path('tone.wav');
    const samples = tone(48_000 * (FRAMES / 30), {hertz: 440, rate: 48_000, amplitude: 0.5});
    return writeWav(path, {rate: 48_000, channels: [samples, samples]});
  },
}));
