import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chooseWorkers} from '../../../src/cost/choose-workers.ts';

const frames = fc.integer({min: 1, max: 1_000_000});

describe('chooseWorkers', () => {
  it('is 1 to 100, and never more than there are frames', () => {
    fc.assert(
      fc.property(frames, (frames) => {
        const workers = chooseWorkers(frames);
        expect(Number.isInteger(workers) && workers >= 1 && workers <= Math.min(100, frames)).toBe(true);
      }),
    );
  });

  it('grows with the film', () => {
    fc.assert(
      fc.property(frames, frames, (a, b) => {
        expect(chooseWorkers(Math.max(a, b))).toBeGreaterThanOrEqual(chooseWorkers(Math.min(a, b)));
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
    expect(chooseWorkers(frames)).toBeGreaterThanOrEqual(least);
    expect(chooseWorkers(frames)).toBeLessThanOrEqual(most);
  });
});
