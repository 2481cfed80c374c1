import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {makeSoundtrack} from '../../../src/media/sound/soundtrack.ts';
import type {SoundRun} from '../../../src/model/timeline.ts';
import {readClock} from '../../support/clock.ts';
import {decodeGray, openStage, type Picture} from '../../support/exact.ts';
import {decode, ffmpeg, tone, wavSamples, writeWav} from '../../support/media.ts';
import {makePublicFiles} from '../../support/project-media.ts';

const RATE = 48_000;
const FPS = 30;
/** Seconds into the source at which it clicks: at no film frame's time, nor at one where something changes. */
const CLICKS = [0.31, 0.71, 1.11, 1.51, 1.91, 2.31, 2.71, 3.11, 3.51];
/** Seconds that a click lasts. */
const LENGTH = 0.04;
const SHORT = {clicks: [0.11, 0.51], seconds: 0.8};

/** Silence except for a tone at each click: a single sample would not survive a change of speed. */
const clicking = (clicks: number[], seconds: number) => (path: string) => {
  const samples = new Float32Array(seconds * RATE);
  for (const at of clicks) {
    samples.set(tone(LENGTH * RATE, {hertz: 1000, rate: RATE, amplitude: 0.5}), Math.round(at * RATE));
  }
  return writeWav(path, {rate: RATE, channels: [samples, samples]});
};

/** Seconds at the middles of loud sounds, with at least `quiet` seconds of near silence around them. */
function bursts(samples: Float32Array, quiet: number): number[] {
  const found: {first: number; last: number}[] = [];
  samples.forEach((sample, index) => {
    if (Math.abs(sample) < 0.03) return;
    const current = found.at(-1);
    if (current && index - current.last < quiet * RATE) current.last = index;
    else found.push({first: index, last: index});
  });
  return found.map(({first, last}) => (first + last) / 2 / RATE);
}

/** Which source is in which row of the picture, at what speed. */
type Row = {clicks: number[]; rate: number};
const row = (rate = 1, clicks = CLICKS): Row => ({clicks, rate});
/** The second scene's. */
const LAST = 3;

/** First frame, number of frames, position in the source in frames of the film, volume. */
type Run = [startFrame: number, frames: number, mediaFrame: number, volume?: number];

/** With the runs of the first scene, which ends where the last of them does unless `end` says otherwise. */
const FILMS: {name: string; rows: Row[]; runs: Run[]; end?: number}[] = [
  {name: 'plain', rows: [row()], runs: [[0, 59, 0]]},
  {
    name: 'volume',
    rows: [row()],
    runs: [
      [0, 27, 0, 0.5],
      [27, 23, 27],
      [74, 16, 74, 0.25],
    ],
  },
  {name: 'faster', rows: [row(2)], runs: [[0, 44, 0]]},
  {name: 'slower', rows: [row(0.5)], runs: [[0, 83, 0]]},
  {name: 'trim', rows: [row()], runs: [[0, 44, 36.9]]},
  {
    name: 'pause',
    rows: [row()],
    runs: [
      [0, 27, 0],
      [50, 30, 27],
    ],
  },
  {
    name: 'overlap',
    rows: [row(), row(), row()],
    runs: [
      [0, 61, 0],
      [16, 45, 0],
      [16, 45, 26.25],
    ],
  },
  {
    name: 'loop',
    rows: [row(1, SHORT.clicks)],
    runs: [
      [0, 24, 0],
      [24, 24, 0],
      [48, 24, 0],
      [72, 18, 0],
    ],
  },
  {name: 'ends', rows: [row(1, SHORT.clicks)], runs: [[0, 24, 0]], end: 59},
];

/** The expected middles of a source's clicks, by the node's time in the picture. */
function clicksInPicture(pictures: Picture[], {clicks, rate}: Row, y: number): number[] {
  const step = rate / FPS;
  const due = pictures.map((picture) => {
    const {time, playing} = readClock(picture, y);
    const middles = clicks.map((click) => click + LENGTH / 2);
    return {time, clicks: playing ? middles.filter((at) => at >= time && at < time + step) : []};
  });
  return due.flatMap(({time, clicks}, frame) => clicks.map((click) => (frame + (click - time) / step) / FPS));
}

const asRun = ({startFrame, frames, mediaTime, volume}: SoundRun) => [
  ...[startFrame, frames, Number((mediaTime * FPS).toFixed(3)) + 0, volume],
];

describe('the sound of a film', {timeout: 120_000}, () => {
  beforeAll(async () => {
    await makePublicFiles('sounds', {
      'clicks.wav': clicking(CLICKS, 4),
      'short.wav': clicking(SHORT.clicks, SHORT.seconds),
      // Loud and dense at first: a browser takes the rest for as dense, and for 3.3 s in place of 6.5 s.
      'no-header.mp3': (path) =>
        ffmpeg(
          ...['-f', 'lavfi', '-i', 'anoisesrc=d=1.5:a=0.4:r=44100:seed=1'],
          ...['-f', 'lavfi', '-i', 'sine=f=200:d=5:r=44100', '-filter_complex', 'concat=n=2:v=0:a=1'],
          ...['-c:a', 'libmp3lame', '-q:a', '2', '-write_xing', '0', '-id3v2_version', '0', path],
        ),
      'clicks.mp4': async (path) => {
        await clicking(CLICKS, 4)(`${path}.wav`);
        await ffmpeg(
          ...['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=30:duration=4', '-i', `${path}.wav`],
          ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '192k', path],
        );
      },
    });
  });

  test.each(FILMS)('goes with the picture: $name', async ({name, rows, runs, end}) => {
    await using stage = openStage('sounds', {case: name});
    const directory = await mkdtemp(join(tmpdir(), 'sounds-test-'));
    try {
      const {frames, fps, size, sounds} = await stage.plan();
      const [last] = runs.slice(-1).map(([from, length]) => from + length);
      const border = end ?? last ?? 0;
      expect(frames).toBe(border + 31);
      expect(sounds.map(asRun)).toEqual(
        [...runs, [border, 31, 3.9]].map(([a, b, c, volume = 1]) => [a, b, c, volume]),
      );
      const pictures = await stage.chunk([0, frames], (file) => decodeGray(file, size));
      const locate = (src: string) => stage.renderer.locate(src);
      const signal = AbortSignal.timeout(60_000);
      const {path} = await makeSoundtrack({sounds, frames, fps, directory, locate, signal});

      expect((await wavSamples(path)).length).toBe(Math.round((frames * RATE) / fps));
      const [left] = await decode(path);
      const sounding = (at: number) =>
        sounds.some(
          ({startFrame, frames: length}) => at * fps >= startFrame && at * fps < startFrame + length,
        );
      const seen = [...rows.entries(), [LAST, row()] as const]
        .flatMap(([index, one]) => clicksInPicture(pictures, one, index * 12))
        .filter(sounding)
        .sort((a, b) => a - b);
      expect(seen.length).toBeGreaterThan(2);
      // ffmpeg's atempo smears a sound over its window, 43 ms, and puts it up to 30 ms too early.
      const smeared = rows.some(({rate}) => rate !== 1);
      const tolerance = (smeared ? 1.5 : 0.5) / fps;
      const heard = bursts(left, smeared ? 0.05 : 0.012);
      const near = (one: number) => (other: number) => Math.abs(one - other) <= tolerance;
      expect(
        seen.filter((at) => !heard.some(near(at))),
        'seen, not heard',
      ).toEqual([]);
      expect(
        heard.filter((at) => !seen.some(near(at))),
        'heard, not seen',
      ).toEqual([]);
    } finally {
      await rm(directory, {recursive: true, force: true});
    }
  });

  test.each<{name: string; what: string; runs: Run[]}>([
    {name: 'guessed', what: 'to its end, though the browser takes its file for shorter', runs: [[0, 150, 0]]},
    {name: 'still', what: 'until its scene sets its time and leaves it there', runs: [[0, 15, 0]]},
    {name: 'led', what: 'without a jump where its scene leads its time along', runs: [[0, 45, 30]]},
  ])('a sound is heard $what', async ({name, runs}) => {
    await using stage = openStage('sounds', {case: name});
    const {sounds} = await stage.plan();
    const heard = sounds.filter(({voice}) => voice?.startsWith('one/')).map(asRun);
    expect(heard).toEqual(runs.map((run) => [...run, 1]));
  });
});
