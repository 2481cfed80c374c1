import {readFile} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import type {SoundRun} from '../../../src/model/timeline.ts';
import {decode, frequency, loudness, tone, writeWav} from '../../support/media.ts';
import {media, NOISE, soundtrack} from '../../support/sound-sources.ts';
import {run} from '../../support/soundtrack.ts';

describe('makeSoundtrack', {timeout: 120_000}, () => {
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
});
