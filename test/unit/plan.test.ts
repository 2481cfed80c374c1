import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {planChunks} from '../../src/model/plan.ts';
import {segmentGrid, segmentRanges} from '../../src/model/segments.ts';

const frames = fc.integer({min: 1, max: 1_000_000});
const fps = fc.oneof(
  fc.integer({min: 1, max: 240}),
  fc.constantFrom(23.976, 24000 / 1001, 29.97, 30000 / 1001, 0.5, 12.5),
);
const workers = fc.integer({min: 1, max: 1000});
const segments = fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 300});
const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);

describe('segmentGrid', () => {
  it('covers a film of any length and rate with segments that are alike but for the last', () => {
    fc.assert(
      fc.property(frames, fps, (frames, fps) => {
        const grid = segmentGrid({frames, fps});
        const [first = 0] = grid;
        expect(sum(grid)).toBe(frames);
        expect(Math.min(...grid.slice(0, 10), ...grid.slice(-1))).toBeGreaterThan(0);
        expect(grid.slice(0, -1).every((length) => length === first)).toBe(true);
        // A rest is no segment of its own below half a length, and no more than that is added to the last.
        if (grid.length > 1) {
          expect(grid.at(-1)).toBeGreaterThanOrEqual(first / 2);
          expect(grid.at(-1)).toBeLessThanOrEqual(1.5 * first);
        }
      }),
    );
  });

  it.each([
    [181, 30, 12, 15],
    [450, 30, 30, 15],
    [900, 30, 30, 30],
    [3600, 30, 120, 30],
    [18_000, 30, 300, 60],
    [216_000, 30, 3600, 60],
    [1, 30, 1, 1],
  ])('%i frames at %i a second are %i segments of %i', (frames, fps, count, length) => {
    const grid = segmentGrid({frames, fps});
    expect([grid.length, grid[0]]).toEqual([count, length]);
  });
});

describe('planChunks', () => {
  it('covers every segment once, in order, with chunks that are never empty and near an equal share', () => {
    fc.assert(
      fc.property(segments, workers, (segments, workers) => {
        const chunks = planChunks(segments, workers);
        const share = sum(segments) / Math.min(segments.length, workers);
        expect(chunks).toHaveLength(Math.min(segments.length, workers));
        expect(chunks.flatMap(({segments}) => segments)).toEqual(segments);
        expect(chunks[0]?.start).toBe(0);
        for (const [index, chunk] of chunks.entries()) {
          expect(chunk.index).toBe(index);
          expect(chunk.segments.length).toBeGreaterThan(0);
          expect(sum(chunk.segments)).toBe(chunk.end - chunk.start);
          if (index > 0) expect(chunk.start).toBe(chunks[index - 1]?.end);
          // One segment alone may be longer than a share.
          if (chunk.segments.length > 1)
            expect(chunk.end - chunk.start).toBeLessThan(share + 1 + Math.max(...segments));
        }
      }),
    );
  });

  it('cuts where the grid does: every border of chunks is one of segments, whatever the number of workers', () => {
    fc.assert(
      fc.property(frames, fps, workers, (frames, fps, workers) => {
        const grid = segmentGrid({frames, fps});
        const starts = new Set(segmentRanges(grid).map(({start}) => start));
        expect(planChunks(grid, workers).every(({start}) => starts.has(start))).toBe(true);
      }),
      {numRuns: 30},
    );
  });

  it('gives the 181 frames on 50 workers that break the original one segment each', () => {
    expect(planChunks(segmentGrid({frames: 181, fps: 30}), 50).map(({end, start}) => end - start)).toEqual([
      ...Array.from({length: 11}, () => 15),
      16,
    ]);
  });
});
