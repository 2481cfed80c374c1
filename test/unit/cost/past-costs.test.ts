import {expect, test} from 'vitest';
import {estimate} from '../../../src/cost/estimate.ts';
import {DEFAULT_COSTS} from '../../../src/cost/film-costs.ts';
import {LAMBDA} from '../../../src/cost/lambda-limits.ts';
import {pastCosts} from '../../../src/cost/past-costs.ts';
import type {Trace} from '../../../src/model/trace.ts';
import {pastJob} from '../../support/cost/past-job.ts';

const ONE_CORE = LAMBDA.memoryMbPerVcpu;
const costs = (traces: Trace[], memoryMb = ONE_CORE) =>
  pastCosts(traces, {memoryMb, defaults: {...DEFAULT_COSTS, start: 1}});

test('finds in the records of a job what was spent for it', () => {
  const found = costs([pastJob({memoryMb: ONE_CORE, perFrame: 0.05, opening: 0.6, cold: 1.4, initMs: 900})]);
  expect(found).toMatchObject({jobs: 1, chunks: 8});
  const {chunk, start, bytesPerFrame, merge} = found.costs;
  expect(chunk.perFrame).toBeCloseTo(0.05, 9);
  // From both runs, the defaults have counting the film apart.
  expect(chunk.warm).toBeCloseTo(0.6, 2);
  expect(chunk.cold).toBeCloseTo(1.4, 2);
  expect(start).toBeCloseTo(0.9, 9);
  expect(bytesPerFrame).toBe(2 ** 18);
  // Five seconds on a whole core.
  expect(merge.fixed + merge.perFrame * 80).toBeCloseTo(5, 9);
});

test('takes chunks that were drawn with other memory by their CPU, and only where there are none with the same', () => {
  const other = pastJob({memoryMb: ONE_CORE / 2, perFrame: 0.05});
  // Half a core, and so half of what it took.
  expect(costs([other]).costs.chunk.perFrame).toBeCloseTo(0.025, 2);
  const same = pastJob({jobId: 'same', memoryMb: ONE_CORE, perFrame: 0.04});
  expect(costs([other, same])).toMatchObject({chunks: 8, jobs: 1});
  expect(costs([other, same]).costs.chunk.perFrame).toBeCloseTo(0.04, 9);
});

test('is not led astray by one chunk that was slow by chance', () => {
  const job = pastJob({memoryMb: ONE_CORE, perFrame: 0.05});
  const [first, ...rest] = job.attempts;
  if (!first?.seconds) throw new Error('there is no first one');
  const slow = {...first, seconds: {...first.seconds, drawing: 600}};
  expect(costs([{...job, attempts: [slow, ...rest]}]).costs.chunk.perFrame).toBeCloseTo(0.05, 9);
});

test('knows nothing of chunks that failed, or that were drawn on no Lambda function', () => {
  const job = pastJob({memoryMb: ONE_CORE, perFrame: 0.05});
  const failed = job.attempts.map((attempt) => ({...attempt, outcome: 'failed' as const}));
  const local = job.attempts.map(({used: _, ...attempt}) => attempt);
  const traces = [
    {...job, attempts: failed},
    {...job, attempts: local},
    {...job, orchestrator: undefined},
  ];
  expect(costs(traces)).toEqual({costs: {...DEFAULT_COSTS, start: 1}, jobs: 0, chunks: 0});
});

test('does not take for the speed of S3 what else goes on while a film is stored', () => {
  const job = pastJob({memoryMb: ONE_CORE, perFrame: 0.05});
  // Pictures are made, and the film is 20 MB.
  const phases = job.phases.map((phase) => (phase.name === 'publishing' ? {...phase, ended: 55_000} : phase));
  const large = {frames: 9_000, fps: 30, memoryMb: ONE_CORE, workers: 100};
  const wall = (from: Trace) => {
    const answer = estimate(costs([from]).costs, large);
    return answer.possible ? answer.wall : answer.reason;
  };
  expect(wall(job)).toEqual(expect.any(Number));
  expect(wall({...job, phases})).toBe(wall(job));
});
