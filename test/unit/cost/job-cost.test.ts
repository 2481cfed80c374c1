import {expect, test} from 'vitest';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import {jobCost} from '../../../src/job/job-cost.ts';
import {claimRun, endRun} from '../../../src/job/runs/records.ts';
import type {OwnOutcome} from '../../../src/job/runs/run.ts';
import {runKey} from '../../../src/model/keys.ts';
import {NOTHING_DRAWN} from '../../../src/model/progress.ts';
import type {Attempt, Trace} from '../../../src/model/trace.ts';
import type {LambdaUsage, S3Usage} from '../../../src/model/usage.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {putJson} from '../../../src/storage/json.ts';
import {cliHere} from '../../support/cli-here.ts';
import {scratch} from '../../support/processes.ts';

const {signal} = new AbortController();
const prices = pricesOf('eu-central-1', {date: '2026-10-01'});
const requests: S3Usage = {provider: 'aws-s3', writes: 20, reads: 10};

const place = () => ({storage: directoryStorage({root: scratch()}), jobId: 'film', signal});
type Place = ReturnType<typeof place>;

const invocation = (kind: LambdaUsage['kind'], billedMs: number, exact = true): LambdaUsage => ({
  ...{provider: 'aws-lambda', id: `${kind}-${billedMs}`, kind, billedMs, exact},
  ...{memoryMb: 2048, architecture: 'x86_64'},
});

const attempt = (one: Partial<Attempt>): Attempt => ({
  ...{chunk: 0, attempt: 1, double: false, start: 0, end: 10},
  ...{queued: 0, began: 1, ended: 2, outcome: 'done'},
  ...one,
});

/** A run of an orchestrator of 30 s, and of three tries of 10 s each, of which one was not answered. */
function trace(run: number, exact = true): Trace {
  const orchestrator = invocation('fullRender', 30_000, false);
  const attempts = [
    attempt({outcome: 'failed', used: invocation('partialRender', 10_000)}),
    attempt({attempt: 2, used: invocation('partialRender', 10_000, exact)}),
    attempt({double: true, outcome: 'superseded', used: invocation('partialRender', 10_000)}),
    attempt({chunk: 1, outcome: 'found'}),
  ];
  const used = [orchestrator, ...attempts.flatMap(({used}) => used ?? []), requests];
  return {
    ...{jobId: 'film', run, version: '0.1.0', began: 0, ended: 30_000, outcome: 'finished', request: {}},
    ...{engine: 'lambda', phases: [], attempts, orchestrator, used: [requests]},
    cost: priceUsage(used, {prices}),
  };
}

const ENDS = {
  finished: {
    state: 'finished',
    result: {
      ...{jobId: 'film', state: 'finished', bucket: 'b', key: 'k', frames: 1, durationSeconds: 1, bytes: 1},
      ...{workers: 1, chunks: {rendered: 1, reused: 0, retried: 0, doubled: 0}, handedOver: 0},
      seconds: {total: 1, planning: 0, rendering: 1, merging: 0, publishing: 0},
      warnings: [],
    },
  },
  handedOver: {state: 'handedOver', inFlight: []},
  lost: {state: 'lost', progress: {...NOTHING_DRAWN, cost: 0.004}},
} satisfies Record<string, OwnOutcome>;

async function addRun(
  where: Place,
  number: number,
  {end, trace}: {end?: keyof typeof ENDS; trace?: Trace},
): Promise<void> {
  await claimRun(where, {number, claim: {owner: 'o', root: number, handedOver: 0}});
  if (trace) await putJson(runKey('film', number, 'trace'), trace, where);
  if (end) await endRun(where, {number, outcome: {owner: 'o', ...ENDS[end]}});
}

test('sums every invocation of every run, at the prices that the runs knew', async () => {
  const where = place();
  await addRun(where, 1, {end: 'handedOver', trace: trace(1)});
  await addRun(where, 2, {end: 'finished', trace: trace(2)});
  const {cost, orchestrator, workers, unknown, runs} = await jobCost(where);
  expect(cost).toMatchObject({exact: true, invocations: 8, gbSeconds: 240});
  expect(cost?.prices).toEqual({region: 'eu-central-1', date: '2026-10-01'});
  expect(cost?.compute).toBeCloseTo(240 * prices.gbSecond.x86_64, 12);
  expect(cost?.total).toBeCloseTo(
    (cost?.compute ?? 0) + 8 * 0.2e-6 + 40 * prices.write + 20 * prices.read,
    12,
  );
  for (const share of [orchestrator, workers]) {
    expect(share.gbSeconds).toBe(120);
    expect(share.compute).toBeCloseTo((cost?.compute ?? 0) / 2, 12);
  }
  expect([orchestrator.invocations, workers.invocations, unknown]).toEqual([2, 6, 0]);
  expect(runs.map(({outcome, estimated}) => [outcome, estimated])).toEqual([
    ['handedOver', false],
    ['finished', false],
  ]);
});

test('is not exact where a REPORT line is missing', async () => {
  const where = place();
  await addRun(where, 1, {end: 'finished', trace: trace(1, false)});
  expect((await jobCost(where)).cost?.exact).toBe(false);
});

test('takes what a run without a trace last said, without what the runs before it had cost', async () => {
  const where = place();
  const first = trace(1);
  await addRun(where, 1, {end: 'handedOver', trace: first});
  await addRun(where, 2, {end: 'lost'});
  await putJson(runKey('film', 2, 'beat'), {count: 1, progress: NOTHING_DRAWN}, where);
  await addRun(where, 3, {});
  const beat = {count: 7, progress: {...NOTHING_DRAWN, cost: 0.005}};
  await putJson(runKey('film', 3, 'beat'), beat, where);
  const {cost, unknown, runs} = await jobCost(where);
  // The last report covers all three.
  expect(cost?.total).toBeCloseTo(0.005, 12);
  expect(cost).toMatchObject({exact: false, prices: first.cost?.prices});
  expect(unknown).toBeCloseTo(0.005 - (first.cost?.total ?? 0), 12);
  expect(runs.map(({outcome, estimated}) => [outcome, estimated])).toEqual([
    ['handedOver', false],
    ['lost', true],
    ['running', true],
  ]);
  expect(runs[1]?.cost?.total).toBeCloseTo(0.004 - (first.cost?.total ?? 0), 12);
});

test('is not exact where a run has died before it could say anything; one that never began cost nothing', async () => {
  const where = place();
  await addRun(where, 1, {end: 'finished', trace: trace(1)});
  await addRun(where, 2, {end: 'finished'});
  expect((await jobCost(where)).cost?.exact).toBe(true);
  await putJson(runKey('film', 2, 'beat'), {count: 1, progress: NOTHING_DRAWN}, where);
  expect((await jobCost(where)).cost?.exact).toBe(false);
});

test('nothing is billed on this machine', async () => {
  const where = place();
  const {cost: _, orchestrator: __, ...local} = trace(1);
  await addRun(where, 1, {end: 'finished', trace: {...local, attempts: [attempt({})]}});
  expect(await jobCost(where)).toMatchObject({unknown: 0, workers: {invocations: 0}});
  expect(await jobCost(where)).not.toHaveProperty('cost');
  const {stdout} = await cliHere(['cost', 'film', '--storage', where.storage.bucket]);
  expect(stdout).toBe('Job film has cost nothing: it was drawn where nothing is billed.\n');
});

test('on the command line: by part and by run, for people and for machines', async () => {
  const where = place();
  await addRun(where, 1, {end: 'handedOver', trace: trace(1)});
  await addRun(where, 2, {end: 'finished', trace: trace(2)});
  const {code, stdout, stderr} = await cliHere(['cost', 'film', '--storage', where.storage.bucket]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toBe(`Job film has cost $0.00423.

drawing       $0.002000  47 %  6 invocations, 120.0 GB-s
orchestrator  $0.002000  47 %  2 invocations, 120.0 GB-s
requests      $0.000002   0 %  8 to Lambda
storage       $0.000225   5 %  40 writes, 20 reads

run  ended             cost  invocations   GB-s
  1  handed over  $0.002113            4  120.0
  2  finished     $0.002113            4  120.0

At AWS's prices of 2026-10-01 for eu-central-1. The orchestrator's time is by its own clock.
`);
  const machine = await cliHere(['cost', 'film', '--storage', where.storage.bucket, '--json']);
  expect(JSON.parse(machine.stdout)).toEqual(await jobCost(where));
});

test('a job that nobody has begun is told so, and a bad name is a bad event', async () => {
  const storage = scratch();
  const {code, stderr} = await cliHere(['cost', 'nobody', '--storage', storage]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `StorageNotFound: ${storage} has no record of job nobody. It never started there, or it started more than 30 days ago.\n`,
  );
  expect((await cliHere(['cost', '../x', '--storage', storage])).stderr).toMatch(/^BadEvent: .*jobId/);
});
