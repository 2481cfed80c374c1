import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Estimate, estimate, kneeOf, MESSAGES_SHARE, REQUESTS} from '../../../src/cost/estimate.ts';
import {DEFAULT_COSTS, type FilmCosts} from '../../../src/cost/film-costs.ts';
import {ASSUMED_S3_MB_PER_SECOND, LAMBDA} from '../../../src/cost/lambda-limits.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import {everyFrame} from '../../support/segments.ts';

const nothing = {fixed: 0, perFrame: 0, cores: 1};
/** A chunk of 100 frames takes 1 CPU-s, alone or late, on exactly one core; nothing else takes time. */
const SIMPLE: FilmCosts = {
  chunk: {cold: 0, warm: 0, perFrame: 0.01, late: 0, counting: 0, cores: 1},
  plan: nothing,
  sound: nothing,
  merge: nothing,
  bytesPerFrame: 0,
  memoryMb: 800,
};
const prices = pricesOf('us-east-1');
/** A film that can be cut anywhere. */
const filmOf = (frames: number) => ({frames, fps: 30, segments: everyFrame(frames)});
const PLAN = {...filmOf(1000), workers: 10, memoryMb: 2048};

const made = (result: Estimate) => {
  if (!result.possible) throw new Error(result.reason);
  return result;
};
const refused = (costs: FilmCosts, plan: typeof PLAN) => {
  const result = estimate(costs, plan);
  return result.possible ? undefined : result.reason;
};

describe('estimate', () => {
  it('adds up what all invocations are billed for', () => {
    const {wall, longestChunk, gbSeconds, dollars} = made(estimate(SIMPLE, PLAN));
    expect(wall).toBeCloseTo(1, 6);
    expect(longestChunk).toBeCloseTo(1, 6);
    // Ten workers and the first invocation, a second of 2 GB each; a millisecond each may be rounded up.
    expect(gbSeconds).toBeGreaterThanOrEqual(22 - 1e-9);
    expect(gbSeconds).toBeLessThan(22.03);
    const asked = ['writes', 'reads'] as const;
    const [writes = 0, reads = 0] = asked.map(
      (of) =>
        REQUESTS.job[of] + 10 * REQUESTS.chunk[of] + REQUESTS.second[of] + 10 * REQUESTS.workerSecond[of],
    );
    const requests = 11 * prices.invocation + writes * prices.write + reads * prices.read;
    expect(dollars).toBeCloseTo((1 + MESSAGES_SHARE) * gbSeconds * prices.gbSecond.x86_64 + requests, 6);
  });

  it('has more cores with more memory, and no more than a chunk can use', () => {
    const wide = {...SIMPLE, chunk: {...SIMPLE.chunk, cores: 1.5}};
    const wall = (memoryMb: number) => made(estimate(wide, {...PLAN, memoryMb})).wall;
    expect(wall(1769)).toBeCloseTo(1, 6);
    expect(wall(2048)).toBeCloseTo(1769 / 2048, 6);
    expect(wall(4096)).toBeCloseTo(1 / 1.5, 6);
    expect(wall(8192)).toBeCloseTo(1 / 1.5, 6);
  });

  it('plays on as many cores as a plan does what is not drawn', () => {
    const late = {...SIMPLE, chunk: {...SIMPLE.chunk, counting: 0.002, cores: 2}};
    // Half a second for a hundred frames on two cores, and two seconds for a thousand on one.
    expect(made(estimate(late, {...PLAN, memoryMb: 8192})).wall).toBeCloseTo(2.5, 6);
  });

  it('starts everything cold, and the first invocation before the others', () => {
    const cold = {...SIMPLE, chunk: {...SIMPLE.chunk, cold: 0.5}};
    expect(made(estimate(cold, PLAN)).wall).toBeCloseTo(2, 6);
  });

  it('has what finds no room beside the first invocation wait, and start warm', () => {
    const cold = {...SIMPLE, chunk: {...SIMPLE.chunk, cold: 0.5}};
    const wall = (workers: number) => made(estimate(cold, {...PLAN, workers})).wall;
    expect(wall(LAMBDA.concurrency - 1)).toBeCloseTo(0.5 + 0.5 + 0.02, 6);
    expect(wall(LAMBDA.concurrency)).toBeCloseTo(0.5 + 0.5 + 0.01 + 0.01, 6);
  });

  it('sends every byte to S3 and back, and the film once more', () => {
    const large = {...SIMPLE, bytesPerFrame: 2 ** 20};
    const seconds = 1 + 100 / ASSUMED_S3_MB_PER_SECOND + (2 * 1000) / ASSUMED_S3_MB_PER_SECOND;
    expect(made(estimate(large, PLAN)).wall).toBeCloseTo(seconds, 6);
  });

  it('says what cannot be done, and why', () => {
    expect(refused(SIMPLE, {...PLAN, workers: 1001})).toBe('the film has 1000 segments');
    expect(refused({...SIMPLE, memoryMb: 3000}, PLAN)).toBe('a worker needs 3000 MB');
    const large = {...SIMPLE, bytesPerFrame: 2 ** 20};
    expect(refused(large, {...PLAN, ...filmOf(4000), workers: 100})).toBe(
      '/tmp would hold 12 GB, and holds 10',
    );
    expect(refused(SIMPLE, {...PLAN, ...filmOf(100_000), workers: 1})).toBe('a chunk takes 1000 s');
    const slow = {...SIMPLE, merge: {fixed: 950, perFrame: 0, cores: 1}};
    expect(refused(slow, PLAN)).toBe('the first invocation takes 951 s');
  });

  it('is never slower with more memory, nor cheaper than its longest chunk', () => {
    const cost = (max: number) => fc.double({min: 0, max, noNaN: true});
    fc.assert(
      fc.property(
        fc.record({
          cold: cost(2),
          warm: cost(1),
          perFrame: cost(0.05),
          late: cost(1e-5),
          counting: cost(1e-5),
        }),
        fc.integer({min: 1, max: 300}),
        (chunk, workers) => {
          const costs = {...SIMPLE, chunk: {...chunk, cores: 1.6}};
          const [small, large] = [2048, 8192].map((memoryMb) =>
            estimate(costs, {...PLAN, workers, memoryMb}),
          );
          if (!small?.possible || !large?.possible) return;
          expect(large.wall).toBeLessThanOrEqual(small.wall + 1e-9);
          expect(small.wall).toBeGreaterThanOrEqual(small.longestChunk - 1e-9);
          expect(small.gbSeconds).toBeGreaterThanOrEqual((small.longestChunk + small.wall) * 2 - 1e-6);
        },
      ),
    );
  });

  it('takes and bills the start of every environment, at the prices and for the processor it is told', () => {
    const slow = estimate({...SIMPLE, start: 2}, {...PLAN, memoryMb: 1024});
    // The first invocation's start, then the workers', and 100 frames on half a core.
    const drawn = 1 / (1024 / 1769);
    expect(made(slow).wall).toBeCloseTo(2 + 2 + drawn, 6);
    expect(made(slow).gbSeconds).toBeCloseTo(10 * (2 + drawn) + (4 + drawn), 1);
    const prices = {...pricesOf(), invocation: 0, write: 0, read: 0};
    const {dollars, gbSeconds} = made(estimate(SIMPLE, {...PLAN, prices, architecture: 'arm64'}));
    expect(dollars).toBeCloseTo((1 + MESSAGES_SHARE) * gbSeconds * prices.gbSecond.arm64, 12);
  });
});

describe('kneeOf', () => {
  it('is the fewest workers within a tenth of the shortest time of up to 100', () => {
    fc.assert(
      fc.property(
        fc.record({
          start: fc.double({min: 0, max: 10, noNaN: true}),
          perFrame: fc.double({min: 0, max: 1, noNaN: true}),
          merge: fc.double({min: 0, max: 20, noNaN: true}),
        }),
        fc.integer({min: 1, max: 60}),
        ({start, perFrame, merge}, length) => {
          const costs = {
            ...SIMPLE,
            start,
            chunk: {...SIMPLE.chunk, perFrame},
            merge: {fixed: merge, perFrame: 0, cores: 1},
          };
          const segments = Array.from({length: 1000}, () => length);
          const wall = (workers: number) =>
            2 * start + perFrame * length * Math.ceil(segments.length / workers) + merge;
          const knee = kneeOf(costs, {...PLAN, frames: 1000 * length, segments});
          expect(knee).toBeGreaterThanOrEqual(1);
          expect(knee).toBeLessThanOrEqual(100);
          expect(wall(knee)).toBeLessThanOrEqual(1.1 * wall(100) + 1e-6);
          if (knee > 1) expect(wall(knee - 1)).toBeGreaterThan(1.1 * wall(100) - 1e-6);
        },
      ),
    );
  });

  it('is more workers where they start sooner, and fewer where more memory draws faster', () => {
    const film = {...filmOf(9000), memoryMb: 3008};
    const usual = kneeOf(DEFAULT_COSTS, film);
    expect(kneeOf({...DEFAULT_COSTS, start: 0}, film)).toBeGreaterThan(usual);
    expect(kneeOf({...DEFAULT_COSTS, start: 10}, film)).toBeLessThan(usual);
    expect(kneeOf(DEFAULT_COSTS, {...film, memoryMb: 1024})).toBeGreaterThan(usual);
  });
});
