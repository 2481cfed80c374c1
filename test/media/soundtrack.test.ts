import {readFile, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decode, wavSamples} from '../support/media.ts';
import {LSB, media, NOISE, soundtrack} from '../support/sound-sources.ts';
import {run} from '../support/soundtrack.ts';

describe('makeSoundtrack', {timeout: 120_000}, () => {
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
