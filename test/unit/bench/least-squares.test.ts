import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {fitCosts, predict} from '../../../bench/scale/least-squares.ts';
import {chunkTerms} from '../../../src/cost/film-costs.ts';

/** Chunks that tell all four terms apart, as the benchmark's do. */
const SHAPES = [
  {start: 0, frames: 1, filmFrames: 900},
  {start: 0, frames: 60, filmFrames: 18_000},
  {start: 9_000, frames: 1, filmFrames: 18_000},
  {start: 17_000, frames: 120, filmFrames: 18_000},
  {start: 800, frames: 30, filmFrames: 900},
].map(chunkTerms);

const cost = (most: number) => fc.double({min: most / 100, max: most, noNaN: true});
const costs = fc.tuple(cost(1), cost(0.5), cost(0.0001), cost(0.0001));

describe('fitCosts', () => {
  it('recovers the coefficients that the samples were made of', () => {
    fc.assert(
      fc.property(costs, (made) => {
        const samples = SHAPES.map((terms) => ({terms, result: predict(made, terms)}));
        const {coefficients, largestError} = fitCosts(samples);
        for (const [term, coefficient] of coefficients.entries()) {
          expect(coefficient / (made[term] ?? 0)).toBeCloseTo(1, 5);
        }
        expect(largestError).toBeLessThan(1e-6);
      }),
    );
  });

  it('is off by no more than the samples are, where they are off by a few per cent', () => {
    fc.assert(
      fc.property(
        costs,
        fc.array(fc.double({min: -0.05, max: 0.05, noNaN: true}), {minLength: 5, maxLength: 5}),
        (made, noise) => {
          const samples = SHAPES.map((terms, index) => ({
            terms,
            result: predict(made, terms) * (1 + (noise[index] ?? 0)),
          }));
          const {coefficients, largestError, medianError} = fitCosts(samples);
          expect(Math.min(...coefficients)).toBeGreaterThanOrEqual(0);
          expect(medianError).toBeLessThanOrEqual(largestError);
          // No worse than the coefficients the samples came from, in the sum of squares that is made least.
          expect(largestError).toBeLessThan(0.05 * Math.sqrt(5) * 1.06);
        },
      ),
    );
  });

  it('gives 0 to a term that would have to be negative, and fits the others', () => {
    const samples = [
      {terms: [1, 0], result: 4},
      {terms: [1, 10], result: 3},
      {terms: [1, 20], result: 2},
    ];
    const {coefficients, largestError} = fitCosts(samples);
    expect(coefficients[1]).toBe(0);
    expect(coefficients[0]).toBeGreaterThan(2);
    expect(coefficients[0]).toBeLessThan(4);
    expect(largestError).toBeGreaterThan(0.1);
  });

  it('refuses samples that do not tell the terms apart', () => {
    const same = {terms: [1, 5], result: 2};
    expect(() => fitCosts([same, same])).toThrow('do not tell');
    expect(() => fitCosts([same, {terms: [1, 6], result: 2}])).not.toThrow();
  });
});
