import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {planChunks} from '../../src/model/plan.ts';

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
