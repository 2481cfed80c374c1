import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Timeline} from '../../../src/model/timeline.ts';
import {
  type Area,
  brightness,
  contrast,
  cut,
  decodeGray,
  differences,
  openStage,
  type Picture,
  type Range,
  type Stage,
  shuffle,
} from '../../support/exact.ts';
import {makeMediaOf} from '../../support/project-media.ts';

const HASH_FILM = fileURLToPath(new URL('../../support/hash-film.ts', import.meta.url));
const EVERYTHING: Area = [0, 0, 320, 180];

/** Each has the parts of the picture that show something in every frame. */
const FILMS: {name: string; frames: number; shown?: Area[]; end?: Area; oneByOne?: boolean}[] = [
  // Title; paragraph. The bar is moved over both.
  {
    name: 'text',
    frames: 27,
    shown: [
      [10, 8, 150, 25],
      [10, 45, 200, 40],
    ],
  },
  // Pictures from public/, from an import, as an address of their own; a vector graphic; curves.
  {
    name: 'drawing',
    frames: 33,
    shown: [
      [5, 20, 70, 50],
      [85, 25, 70, 40],
      [170, 15, 60, 60],
      [255, 20, 50, 50],
      [10, 105, 60, 60],
      [80, 110, 30, 30],
    ],
    oneByOne: true,
  },
  {
    name: 'formulas',
    frames: 30,
    shown: [
      [5, 5, 150, 80],
      [200, 30, 80, 35],
    ],
    oneByOne: true,
  },
  {
    name: 'effects',
    frames: 27,
    shown: [
      [20, 15, 75, 60],
      [190, 20, 40, 50],
      [255, 20, 50, 50],
      [225, 110, 70, 50],
    ],
  },
  {
    name: 'shader',
    frames: 63,
    shown: [
      [40, 50, 100, 80],
      [180, 50, 80, 80],
    ],
  },
  {name: 'scenes', frames: 64},
  // A square that comes with the last frame.
  {name: 'chance', frames: 29, end: [280, 150, 40, 20]},
  {name: 'footage', frames: 53},
  {name: 'rive', frames: 32, shown: [[80, 10, 200, 160]]},
];

describe.each(FILMS)(
  '$name',
  {timeout: 300_000},
  ({name, frames, shown = [EVERYTHING], end, oneByOne = false}) => {
    let warm: Stage;
    let plan: Timeline;
    let whole: string[];
    let pictures: Picture[];

    beforeAll(async () => {
      await makeMediaOf(name);
      warm = openStage(name);
      plan = await warm.plan();
      [whole, pictures] = await warm.chunk([0, plan.frames], async (file) => [
        file.hashes ?? [],
        await decodeGray(file, plan.size),
      ]);
    });
    afterAll(() => warm[Symbol.asyncDispose]());

    test('has its length, moves, and shows everything in every frame', () => {
      expect(plan.frames).toBe(frames);
      expect(whole).toHaveLength(frames);
      expect(pictures).toHaveLength(frames);
      expect(new Set(whole).size).toBeGreaterThan(frames / 2);
      for (const area of shown) {
        const empty = [...pictures.keys()].filter((index) => contrast(pictures[index] as Picture, area) < 40);
        expect(empty, `frames with nothing in ${area}`).toEqual([]);
      }
      if (end) expect(brightness(pictures.at(-1) as Picture, end)).toBeGreaterThan(200);
    });

    test.each([2, 7, oneByOne ? frames : 25])('is the same in %i chunks, in any order', async (count) => {
      expect(differences(whole, await warm.hashes(shuffle(cut(frames, count), count)))).toEqual([]);
    });

    test('is the same when a browser that has drawn nothing yet starts in the middle', async () => {
      await using cold = openStage(name);
      const [first, second, third] = cut(frames, 3) as [Range, Range, Range];
      expect(differences(whole, await cold.hashes([second, third, first]))).toEqual([]);
    });

    test.each([1, 7])('is the same in another process, in %i chunks', async (count) => {
      const {stdout} = await execa(process.execPath, [HASH_FILM, name, `${count}`], {timeout: 120_000});
      expect(differences(whole, JSON.parse(stdout) as string[])).toEqual([]);
    });
  },
);
