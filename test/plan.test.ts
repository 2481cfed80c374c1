import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chooseWorkers, planChunks} from '../src/plan.ts';

const frames = fc.integer({min: 1, max: 1_000_000});
const workers = fc.integer({min: 1, max: 1000});

describe('planChunks', () => {
  it('covers every frame once, in order, with chunks that are never empty and differ by one at most', () => {
    fc.assert(
      fc.property(frames, workers, (frames, workers) => {
        const chunks = planChunks(frames, workers);
        const lengths = chunks.map(({start, end}) => end - start);
        expect(chunks).toHaveLength(Math.min(frames, workers));
        expect(chunks[0]?.start).toBe(0);
        expect(chunks.at(-1)?.end).toBe(frames);
        for (const [index, chunk] of chunks.entries()) {
          expect(chunk.index).toBe(index);
          if (index > 0) expect(chunk.start).toBe(chunks[index - 1]?.end);
        }
        expect(Math.min(...lengths)).toBeGreaterThan(0);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives the 181 frames on 50 workers that break the original one range each', () => {
    expect(planChunks(181, 50)).toHaveLength(50);
  });
});

describe('chooseWorkers', () => {
  it('is a number of workers an event may name, and never more than there are frames', () => {
    fc.assert(
      fc.property(frames, (frames) => {
        const workers = chooseWorkers(frames);
        expect(Number.isInteger(workers) && workers >= 1 && workers <= Math.min(1000, frames)).toBe(true);
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
});
