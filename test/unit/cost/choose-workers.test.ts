import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chooseWorkers} from '../../../src/cost/choose-workers.ts';
import {segmentGrid} from '../../../src/model/segments.ts';

const film = (frames: number) => ({frames, fps: 30, segments: segmentGrid({frames, fps: 30})});
const frames = fc.integer({min: 1, max: 1_000_000});

describe('chooseWorkers', () => {
  it('is 1 to 100, and never more than there are segments', () => {
    fc.assert(
      fc.property(frames, (frames) => {
        const workers = chooseWorkers(film(frames));
        expect(
          Number.isInteger(workers) && workers >= 1 && workers <= Math.min(100, film(frames).segments.length),
        ).toBe(true);
      }),
    );
  });

  it.each([
    [1, 1, 1],
    [300, 5, 15],
    [900, 15, 35],
    [18_000, 30, 70],
    [216_000, 30, 100],
  ])('of %i frames is from %i to %i', (frames, least, most) => {
    expect(chooseWorkers(film(frames))).toBeGreaterThanOrEqual(least);
    expect(chooseWorkers(film(frames))).toBeLessThanOrEqual(most);
  });
});
