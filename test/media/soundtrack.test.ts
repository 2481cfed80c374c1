import {readFile, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import type {SoundRun} from '../../src/model/timeline.ts';
import {
  decode,
  frequency,
  loudness,
  mediaDirectory,
  noise,
  tone,
  wavSamples,
  writeWav,
} from '../support/media.ts';
import {run, studio} from '../support/soundtrack.ts';

const media = mediaDirectory();
const soundtrack = studio(media);
const LSB = 1 / 32768;

const NOISE = noise(96_000);
const TONE = tone(240_000, {hertz: 440, rate: 48_000, amplitude: 0.5});
const LEVEL = new Float32Array(600_000).fill(0.5);

describe('makeSoundtrack', {timeout: 120_000}, () => {
  beforeAll(async () => {
    await writeWav(media.path('noise.wav'), {
      rate: 48_000,
      channels: [NOISE, NOISE.map((sample) => -sample / 2)],
    });
    await writeWav(media.path('tone.wav'), {rate: 48_000, channels: [TONE, TONE]});
    await writeWav(media.path('level.wav'), {rate: 48_000, channels: [LEVEL, LEVEL]});
  }, 60_000);

  test.each([24000 / 1001, 30000 / 1001, 23.976, 25, 30, 50, 60, 7.5])(
    'is silent and as long as the film without sounds, at %f fps',
    async (fps) => {
      const path = await soundtrack([], {frames: 181, fps});
      expect(await wavSamples(path)).toEqual({
        rate: 48_000,
        channels: 2,
        bits: 16,
        length: Math.round((181 * 48_000) / fps),
      });
      expect((await decode(path))[0].every((sample) => sample === 0)).toBe(true);
    },
  );

  test.each([24000 / 1001, 23.976, 25, 7.5])(
    'keeps a 16-bit source bit by bit, at the right sample, at %f fps',
    async (fps) => {
      const path = await soundtrack([run('/noise.wav', {startFrame: 7, frames: 20, mediaTime: 0.25})], {
        frames: 50,
        fps,
      });
      const [left, right] = await decode(path);
      const from = Math.round((7 * 48_000) / fps);
      const to = Math.round((27 * 48_000) / fps);
      const expected = new Float32Array(left.length);
      expected.set(NOISE.subarray(12_000, 12_000 + to - from), from);
      expect(left).toEqual(expected);
      const differences = right.map((sample, index) => Math.abs(sample + (expected[index] ?? 0) / 2));
      expect(Math.max(...differences.subarray(from, from + 9000))).toBeLessThanOrEqual(LSB);
    },
  );

  test.each([30000 / 1001, 30])(
    'a volume that changes in each of 300 frames at %f fps is the source times a staircase',
    async (fps) => {
      const volumes = Array.from({length: 300}, (_, index) => Math.abs(Math.cos(index / 50)));
      const ramp = volumes.map((volume, index) =>
        run('/level.wav', {
          voice: 'ramp',
          startFrame: index,
          frames: 1,
          volume,
          mediaTime: 0.1 + index / fps,
        }),
      );
      const [left] = await decode(await soundtrack(ramp, {frames: 300, fps}));
      const expected = new Float32Array(left.length);
      volumes.forEach((volume, index) => {
        expected.fill(
          volume / 2,
          Math.round((index * 48_000) / fps),
          Math.round(((index + 1) * 48_000) / fps),
        );
      });
      expect(left.findIndex((sample, index) => Math.abs(sample - (expected[index] ?? 0)) > LSB)).toBe(-1);
    },
  );

  test('runs that only follow each other leave no seam, also at another speed', async () => {
    const split = (frames: number[]) =>
      frames.map((startFrame, index) =>
        run('/tone.wav', {
          voice: 'tone',
          startFrame,
          frames: (frames[index + 1] ?? 90) - startFrame,
          playbackRate: 1.25,
          mediaTime: 0.2 + (startFrame / 30) * 1.25,
        }),
      );
    const whole = await readFile(await soundtrack(split([0])));
    expect((await readFile(await soundtrack(split([0, 1, 2, 40, 41, 89])))).equals(whole)).toBe(true);
  });

  test.each<{name: string; sounds: Partial<SoundRun>[]}>([
    {name: 'of two voices, however near', sounds: [{voice: 'a'}, {voice: 'b', mediaTime: 1 + 1 / 48_000}]},
    {name: 'of no voice', sounds: [{}, {mediaTime: 1.01}]},
    {
      name: 'of one voice that jumps by a sample',
      sounds: [{voice: 'a'}, {voice: 'a', mediaTime: 1 + 1 / 48_000}],
    },
    {name: 'of one voice that jumps back', sounds: [{voice: 'a'}, {voice: 'a', mediaTime: 0.95}]},
  ])('runs that follow each other are not joined: $name', async ({sounds}) => {
    const [first, second] = sounds.map((sound, index) => ({
      ...run('/noise.wav', {startFrame: index * 30, frames: 30}),
      ...sound,
    }));
    if (!first || !second) throw new Error('Two sounds are compared.');
    const [left] = await decode(await soundtrack([first, second]));
    const expected = new Float32Array(144_000);
    expected.set(NOISE.subarray(0, 48_000));
    const from = Math.round(second.mediaTime * 48_000);
    expected.set(NOISE.subarray(from, from + 48_000), 48_000);
    expect(left).toEqual(expected);
  });

  test.each([0.3, 0.5, 1.5, 2, 3, 5])(
    'at speed %f a tone keeps its pitch and lasts to the last sample of its run',
    async (playbackRate) => {
      const frames = Math.min(90, Math.floor((4.9 / playbackRate) * 30));
      const path = await soundtrack([run('/tone.wav', {startFrame: 10, frames, playbackRate})], {
        frames: 110,
      });
      const [left] = await decode(path);
      const [from, to] = [16_000, 16_000 + frames * 1600];
      expect(left.length).toBe(110 * 1600);
      expect(left.subarray(0, from).every((sample) => sample === 0)).toBe(true);
      expect(left.subarray(to).every((sample) => sample === 0)).toBe(true);
      expect(frequency(left.subarray(from, to), 48_000)).toBeCloseTo(440, -1);
      for (const stretch of [left.subarray(from, to), left.subarray(to - 960, to)]) {
        expect(loudness(stretch)).toBeCloseTo(0.5 / Math.SQRT2, 1);
      }
    },
  );

  test.each([2, 0.5])('at speed %f the source passes at that speed', async (playbackRate) => {
    const bursts = new Float32Array(96_000);
    for (const at of [24_000, 72_000])
      bursts.set(tone(4800, {hertz: 1000, rate: 48_000, amplitude: 0.5}), at);
    await writeWav(media.path('bursts.wav'), {rate: 48_000, channels: [bursts]});
    const [left] = await decode(
      await soundtrack([run('/bursts.wav', {playbackRate, frames: 150})], {frames: 150}),
    );
    for (const at of [24_000, 72_000]) {
      const [from, to] = [at / playbackRate, (at + 4800) / playbackRate];
      expect(loudness(left.subarray(from + 1000, to - 1000))).toBeGreaterThan(0.25);
      expect(loudness(left.subarray(from - 8000, from - 3000))).toBeLessThan(0.05);
      expect(loudness(left.subarray(to + 3000, to + 8000))).toBeLessThan(0.05);
    }
  });

  test('sounds that overlap add up, whenever others begin and end, and clip only at full scale', async () => {
    const sounds = [
      run('/level.wav', {volume: 0.5}),
      run('/level.wav', {volume: 0.25, startFrame: 30, frames: 30}),
      run('/level.wav', {volume: 2, startFrame: 60, frames: 10}),
      run('/level.wav', {volume: 0}),
    ];
    const [left] = await decode(await soundtrack(sounds, {frames: 100}));
    const levels: [from: number, to: number, level: number][] = [
      [0, 30, 0.25],
      [30, 60, 0.375],
      [60, 70, 32767 / 32768],
      [70, 90, 0.25],
      [90, 100, 0],
    ];
    for (const [from, to, level] of levels) {
      expect(left.subarray(from * 1600, to * 1600).every((sample) => Math.abs(sample - level) <= LSB)).toBe(
        true,
      );
    }
  });

  test('what lies before the source, behind its end or behind the film is silent or cut', async () => {
    const sounds = [
      run('/noise.wav', {mediaTime: -0.5, frames: 30}),
      run('/noise.wav', {mediaTime: 1.5, startFrame: 30, frames: 30}),
      run('/noise.wav', {mediaTime: 900, startFrame: 40, frames: 30}),
      run('/noise.wav', {startFrame: 85, frames: 300}),
      run('/noise.wav', {startFrame: 300, frames: 300}),
    ];
    const [left] = await decode(await soundtrack(sounds));
    const expected = new Float32Array(144_000);
    expected.set(NOISE.subarray(0, 24_000), 24_000);
    expected.set(NOISE.subarray(72_000), 48_000);
    expected.set(NOISE.subarray(0, 8000), 85 * 1600);
    expect(left).toEqual(expected);
  });

  test('any number of jumps and sources works', async () => {
    const names = Array.from({length: 30}, (_, index) => `copy-${index}.wav`);
    for (const name of names) await writeFile(media.path(name), await readFile(media.path('noise.wav')));
    const jump = (index: number) => (index * 37) % 50;
    const sounds = Array.from({length: 240}, (_, index) =>
      run(index < 120 ? '/noise.wav' : `/${names[index % 30]}`, {
        startFrame: index,
        frames: 1,
        mediaTime: jump(index) / 30,
      }),
    );
    const [left] = await decode(await soundtrack(sounds, {frames: 240}));
    const expected = new Float32Array(240 * 1600);
    for (let index = 0; index < 240; index++) {
      expected.set(NOISE.subarray(jump(index) * 1600, (jump(index) + 1) * 1600), index * 1600);
    }
    expect(left).toEqual(expected);
  });

  test('any runs of any source are, sample by sample, the sum of what they name', async () => {
    const runs = fc.record({
      src: fc.constant('/noise.wav'),
      startFrame: fc.nat(60),
      frames: fc.integer({min: 1, max: 40}),
      mediaTime: fc.integer({min: -24_000, max: 110_000}).map((sample) => sample / 48_000),
      playbackRate: fc.constant(1),
      volume: fc.constantFrom(0, 0.125, 0.25, 0.5),
    });
    const property = fc.asyncProperty(
      fc.array(runs, {maxLength: 4}),
      fc.constantFrom(24000 / 1001, 30000 / 1001, 23.976, 25, 29.5, 60),
      async (sounds, fps) => {
        const at = (frame: number) => Math.round((frame * 48_000) / fps);
        const [left] = await decode(await soundtrack(sounds, {frames: 70, fps}));
        const expected = new Float32Array(at(70));
        for (const {startFrame, frames, mediaTime, volume} of sounds) {
          for (
            let index = at(startFrame);
            index < Math.min(at(startFrame + frames), expected.length);
            index++
          ) {
            const source = NOISE[index - at(startFrame) + Math.round(mediaTime * 48_000)] ?? 0;
            expected[index] = (expected[index] ?? 0) + source * volume;
          }
        }
        expect(left.length).toBe(expected.length);
        const clipped = expected.map((sample) => Math.max(-1, Math.min(32767 / 32768, sample)));
        expect(left.findIndex((sample, index) => Math.abs(sample - (clipped[index] ?? 0)) > LSB)).toBe(-1);
      },
    );
    await fc.assert(property, {numRuns: 15});
  });

  test('stops when told to', async () => {
    const signal = AbortSignal.abort();
    for (const sounds of [[], [run('/noise.wav')]]) {
      await expect(soundtrack(sounds, {signal})).rejects.toMatchObject({name: 'Aborted'});
    }
  });
});
