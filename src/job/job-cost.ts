import {RenderError} from '../base/errors.ts';
import {addCosts} from '../cost/cost.ts';
import {type Prices, pricesOf} from '../cost/prices.ts';
import type {Cost} from '../model/bill.ts';
import {Trace} from '../model/trace.ts';
import {addRequests, gbSecondsOf, type Requests} from '../model/usage.ts';
import {type JobRecords, lastRun, type Outcome, readOutcome, readRunRecord, toBeat} from './runs/records.ts';

/** One side's part of a job on Lambda. */
export interface Share {
  /** US dollars of billed time; requests are not in it. */
  compute: number;
  invocations: number;
  /** Gigabytes of memory times seconds. */
  gbSeconds: number;
}

/** The cost of one run of a job. */
export interface RunCost {
  /** 1 for the first. */
  run: number;
  /** `running`: it has not ended, as far as is known. `lost`: its orchestrator died. */
  outcome: Outcome['state'] | 'running';
  /** Whether it left no trace, so that only its last report is known. */
  estimated: boolean;
  /** Left out where nothing was billed. */
  cost?: Cost;
  orchestrator: Share;
  workers: Share;
  operations: Requests;
}

/** The cost of a job, in all and by its runs. */
export interface JobCost {
  jobId: string;
  /** Left out where nothing was billed. */
  cost?: Cost;
  orchestrator: Share;
  workers: Share;
  /** US dollars in `cost` of which it is not known who ran them up: those of runs that left no trace. */
  unknown: number;
  operations: Requests;
  runs: RunCost[];
}

const NOTHING: Share = {compute: 0, invocations: 0, gbSeconds: 0};

/**
 * Sums the costs that the runs of a job report. A run without a trace is still running, or its orchestrator
 * has died. It counts with its last report, and the sum is then not exact. Workers that such a run has left
 * behind may have cost more than any record shows.
 *
 * Rejects with `StorageNotFound` for a job that has no run here, or as the storage does.
 */
export async function jobCost({
  prices = pricesOf(),
  ...place
}: JobRecords & {
  /** Named where no run says which prices it knew. */
  prices?: Pick<Prices, 'region' | 'date'> | undefined;
}): Promise<JobCost> {
  const {jobId, storage} = place;
  const last = await lastRun(place);
  if (!last) {
    throw new RenderError(
      'StorageNotFound',
      `${storage.bucket} has no record of job ${jobId}. It never started there, or it started more than 30 days ago.`,
    );
  }
  const runs: RunCost[] = [];
  // One after the other: a run says what all runs up to it have cost together.
  for (let run = 1; run <= last.number; run++) {
    const before = addCosts(runs.flatMap(({cost}) => cost ?? []));
    runs.push(await runCost(place, {run, before, prices: before?.prices ?? prices}));
  }
  const cost = addCosts(runs.flatMap(({cost}) => cost ?? []));
  const estimated = runs.filter(({estimated}) => estimated);
  return {
    jobId,
    ...(cost && {cost: {...cost, exact: cost.exact && estimated.length === 0}}),
    orchestrator: addShares(runs.map(({orchestrator}) => orchestrator)),
    workers: addShares(runs.map(({workers}) => workers)),
    unknown: estimated.reduce((sum, {cost}) => sum + (cost?.total ?? 0), 0),
    operations: addRequests(runs.map(({operations}) => operations)),
    runs,
  };
}

interface Before {
  run: number;
  /** The cost of all runs before this one. */
  before: Cost | undefined;
  prices: Cost['prices'];
}

async function runCost(place: JobRecords, {run, before, prices}: Before): Promise<RunCost> {
  const [record, outcome] = await Promise.all([
    readRunRecord(place, {number: run, record: 'trace'}),
    readOutcome(place, run),
  ]);
  const state = outcome?.state ?? 'running';
  const trace = Trace.safeParse(record).data;
  if (trace) return {run, outcome: state, estimated: false, ...billOf(trace)};

  const beat = toBeat(await readRunRecord(place, {number: run, record: 'beat'}));
  const reported = [beat?.progress, outcome && 'progress' in outcome ? outcome.progress : undefined];
  const soFar = reported.flatMap((progress) => progress?.cost ?? []);
  const cost = soFar.length > 0 ? estimate(Math.max(...soFar) - (before?.total ?? 0), prices) : undefined;
  return {
    // A job that was cancelled before its first run sent no heartbeat.
    run,
    outcome: state,
    estimated: beat !== undefined,
    ...(cost && {cost}),
    orchestrator: NOTHING,
    workers: NOTHING,
    operations: {writes: 0, reads: 0},
  };
}

/** A sum without its parts. By far the most of it is billed time. */
function estimate(dollars: number, {region, date}: Cost['prices']): Cost {
  const total = Math.max(0, dollars);
  return {
    total,
    compute: total,
    requests: 0,
    storage: 0,
    invocations: 0,
    gbSeconds: 0,
    exact: false,
    prices: {region, date},
  };
}

function billOf({cost, orchestrator, used}: Trace) {
  const operations = addRequests(used);
  if (!cost) return {orchestrator: NOTHING, workers: NOTHING, operations};
  const own = orchestrator ? gbSecondsOf(orchestrator) : 0;
  // All invocations are of one function: a second of one costs what a second of another does.
  const compute = cost.gbSeconds > 0 ? (cost.compute * own) / cost.gbSeconds : 0;
  const invocations = orchestrator ? 1 : 0;
  return {
    cost,
    operations,
    orchestrator: {compute, invocations, gbSeconds: own},
    // Includes invocations that belong to no attempt and have only a known time.
    workers: {
      compute: Math.max(0, cost.compute - compute),
      invocations: cost.invocations - invocations,
      gbSeconds: Math.max(0, cost.gbSeconds - own),
    },
  };
}

const addShares = (shares: readonly Share[]): Share =>
  shares.reduce(
    (sum, {compute, invocations, gbSeconds}) => ({
      compute: sum.compute + compute,
      invocations: sum.invocations + invocations,
      gbSeconds: sum.gbSeconds + gbSeconds,
    }),
    NOTHING,
  );
