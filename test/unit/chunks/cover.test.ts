import fc from 'fast-check';
import {expect, it} from 'vitest';
import {cover} from '../../../src/job/chunks/cover.ts';
import {segmentRanges} from '../../../src/model/segments.ts';

const segments = fc.array(fc.integer({min: 1, max: 5}), {minLength: 1, maxLength: 12});
const start = fc.nat(20);
/** Runs of whole segments, some of them longer than the chunk, and some cut by another grid. */
const stored = fc.array(
  fc.tuple(fc.integer({min: 0, max: 60}), fc.integer({min: 1, max: 30})).map(([at, frames]) => ({
    start: at,
    end: at + frames,
  })),
  {maxLength: 8},
);

it('uses follow each other within the chunk, on its borders, and miss exactly what is not stored', () => {
  const holds = fc.property(start, segments, stored, (start, segments, stored) => {
    const ranges = segmentRanges(segments, start);
    const {uses, missing, frames} = cover({start, segments}, stored);
    const borders = new Set(ranges.flatMap((one) => [one.start, one.end]));
    let at = start;
    for (const use of uses) {
      expect(use.start).toBeGreaterThanOrEqual(at);
      expect(borders.has(use.start) && borders.has(use.end)).toBe(true);
      expect(use.of.start <= use.start && use.end <= use.of.end).toBe(true);
      at = use.end;
    }
    const isThere = (one: {start: number; end: number}) =>
      uses.some((use) => use.start <= one.start && one.end <= use.end);
    const gaps = ranges.filter((one) => !isThere(one));
    expect(missing).toEqual(gaps.length > 0 ? {start: gaps[0]?.start, end: gaps.at(-1)?.end} : undefined);
    expect(frames).toBe(uses.reduce((sum, use) => sum + use.end - use.start, 0));
    // A stored run that is a run of whole segments of the chunk leaves none of them out.
    for (const one of stored)
      if (borders.has(one.start) && borders.has(one.end))
        for (const range of ranges)
          if (one.start <= range.start && range.end <= one.end) expect(isThere(range)).toBe(true);
  });
  fc.assert(holds);
});

it('takes the run that reaches furthest, and what another number of workers has left', () => {
  const chunk = {start: 10, segments: [5, 5, 5, 5]};
  const wide = {start: 0, end: 20};
  const rest = {start: 20, end: 25};
  expect(cover(chunk, [{start: 10, end: 15}, wide, rest])).toEqual({
    uses: [
      {of: wide, start: 10, end: 20},
      {of: rest, start: 20, end: 25},
    ],
    missing: {start: 25, end: 30},
    frames: 15,
  });
});
