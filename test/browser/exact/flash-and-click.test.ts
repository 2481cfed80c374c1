import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {makeSoundtrack} from '../../../src/media/sound/soundtrack.ts';
import {readSquares} from '../../support/clock.ts';
import {brightness, cut, decodeGray, openStage, shuffle} from '../../support/exact.ts';
import {CASES, type Case} from '../../support/flash-cases.ts';
import {CLICK, clipRate, FLASHES, flashTimes, makeFlashClips} from '../../support/flash-clips.ts';
import {decode} from '../../support/media.ts';

const RATE = 48_000;
/** Where the scenes count what has happened. */
const COUNT = {x: 0, y: 0, size: 12, count: 6};

/** Seconds at which the clip turns white. */
function flashesIn(levels: readonly number[], fps: number): number[] {
  return levels.flatMap((level, frame) =>
    level > 128 && !((levels[frame - 1] ?? 0) > 128) ? [frame / fps] : [],
  );
}

/** A sound after 20 ms of silence: where it begins, and where its middle is, in seconds. */
interface Click {
  start: number;
  middle: number;
}

function clicksIn(samples: Float32Array): Click[] {
  const found: {first: number; last: number; energy: number; moment: number}[] = [];
  samples.forEach((sample, index) => {
    if (Math.abs(sample) < 0.05) return;
    let current = found.at(-1);
    if (!current || index - current.last > 0.02 * RATE) {
      current = {first: index, last: index, energy: 0, moment: 0};
      found.push(current);
    }
    current.last = index;
    current.energy += sample ** 2;
    current.moment += index * sample ** 2;
  });
  return found.map(({first, energy, moment}) => ({start: first / RATE, middle: moment / energy / RATE}));
}

/** A flash and a click: at which second of the film, and how fast the clip plays then. */
interface Due {
  at: number;
  rate: number;
}

/** When the clip has to flash and to click. */
function dueIn({clip, plays}: Case, {starts, fps}: {starts: readonly number[]; fps: number}): Due[] {
  let media = 0;
  return plays.flatMap(({action, until, media: given, rate = 1}) => {
    const [from, to] = [starts[action] ?? Number.NaN, starts[until ?? -1] ?? Number.POSITIVE_INFINITY];
    // A clip that changes its speed, or was paused, continues where it was.
    const start = given ?? media;
    media = start + ((to - from) / fps) * rate;
    return flashTimes(FLASHES[clip])
      .filter((at) => at >= start - 1e-6 && at < media - 1e-6)
      .map((at) => ({at: from / fps + (at - start) / rate, rate}));
  });
}

/** The first frame after each thing that has happened. */
const startsOf = (counts: readonly number[]): number[] =>
  Array.from({length: Math.max(...counts)}, (_, action) => counts.findIndex((count) => count > action));

describe('a clip flashes when it clicks, and when it is to', {timeout: 120_000}, () => {
  beforeAll(makeFlashClips);

  test.each(CASES)('$name', async (one) => {
    const {scenes, project = 'flash'} = one;
    await using stage = openStage(project, {scenes: [scenes[0], scenes[1] ?? []]});
    const directory = await mkdtemp(join(tmpdir(), 'flash-test-'));
    try {
      const {frames, fps, size, sounds} = await stage.plan();
      const {pictures, hashes} = await stage.chunk([0, frames], async (file) => ({
        pictures: await decodeGray(file, size),
        hashes: file.hashes,
      }));
      const levels = pictures.map((picture) => brightness(picture, [40, 40, 80, 30]));
      const starts = startsOf(pictures.map((picture) => readSquares(picture, COUNT)));
      const due = dueIn(one, {starts, fps});
      const locate = (src: string) => stage.renderer.locate(src);
      const signal = AbortSignal.timeout(60_000);
      const {path} = await makeSoundtrack({sounds, frames, fps, directory, locate, signal});
      const [left] = await decode(path);
      const seen = flashesIn(levels, fps);
      const clicks = clicksIn(left);
      // A sound whose speed is changed is smeared over 43 ms: its middle counts.
      const heard = clicks.map(({start, middle}, index) => {
        const {rate: speed = 1} = due[index] ?? {};
        return speed === 1 ? start : middle - CLICK / speed / 2;
      });
      expect({seen: seen.length, heard: heard.length}).toEqual({seen: due.length, heard: due.length});
      expect(due.length).toBeGreaterThan(0);
      const off = due.map(({at, rate: speed}, index) => {
        const [flash = NaN, click = NaN] = [seen[index], heard[index]];
        // A film does not see all frames of a clip that has more of them.
        const unseen = 1 - Math.min(0.5, (0.5 * fps) / (clipRate(one.clip) * speed));
        return {flash: (flash - at) * fps, click: (click - at) * fps, apart: (flash - click) * fps, unseen};
      });
      if (process.env.MEASURE) console.log(one.name, JSON.stringify({off, sounds}));
      for (const {flash, click, apart, unseen} of off) {
        expect(Math.abs(flash), 'frames between what is due and seen').toBeLessThan(unseen + 0.01);
        expect(Math.abs(click), 'frames between what is due and heard').toBeLessThan(0.51);
        expect(Math.abs(apart), 'frames between what is seen and heard').toBeLessThan(unseen + 0.26);
      }
      expect(await stage.hashes(shuffle(cut(frames, 5), 3))).toEqual(hashes);
    } finally {
      await rm(directory, {recursive: true, force: true});
    }
  });
});
