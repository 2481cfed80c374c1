import {beforeAll} from 'vitest';
import {mediaDirectory, noise, tone, writeWav} from './media.ts';
import {studio} from './soundtrack.ts';

/** The directory of the sources; tests add their own. */
export const media = mediaDirectory();
/** Makes sound tracks of these sources. */
export const soundtrack = studio(media);
/** The smallest difference between two 16-bit samples. */
export const LSB = 1 / 32768;

/** The left channel of `/noise.wav`; the right one is half of it, turned over. */
export const NOISE = noise(96_000);
const TONE = tone(240_000, {hertz: 440, rate: 48_000, amplitude: 0.5});
const LEVEL = new Float32Array(600_000).fill(0.5);

// For the tests of each file that imports this: three sources, in its own directory.
beforeAll(async () => {
  await writeWav(media.path('noise.wav'), {
    rate: 48_000,
    channels: [NOISE, NOISE.map((sample) => -sample / 2)],
  });
  await writeWav(media.path('tone.wav'), {rate: 48_000, channels: [TONE, TONE]});
  await writeWav(media.path('level.wav'), {rate: 48_000, channels: [LEVEL, LEVEL]});
}, 60_000);
