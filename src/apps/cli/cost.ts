import {digitsOf, dollars, percent} from '../../base/words.ts';
import {pricesOf} from '../../cost/prices.ts';
import {type JobCost, jobCost, type RunCost, type Share} from '../../job/job-cost.ts';
import {parseEvent} from '../../model/parse-event.ts';
import {readConfig} from '../config.ts';
import {columns} from './columns.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {print} from './print.ts';

/** The options of `cost`, as they come from the command line. */
export interface CostCommand extends Place {
  json?: boolean;
}

/** Prints what a job has cost. */
export async function cost(jobId: string, {json, ...place}: CostCommand, {signal}: Interrupt): Promise<void> {
  // Only for its check of the jobId.
  parseEvent({jobType: 'status', jobId});
  const prices = pricesOf(place.region ?? process.env.AWS_REGION, readConfig().prices);
  const {storage} = await openJobs(place).storages(signal);
  const answer = await jobCost({storage, jobId, signal, prices});
  if (json) print(answer, true);
  else process.stdout.write(`${costLines(answer).join('\n')}\n`);
}

/** The cost of a job, for people. */
function costLines({jobId, cost, orchestrator, workers, unknown, operations, runs}: JobCost): string[] {
  if (!cost) return [`Job ${jobId} has cost nothing: it was drawn where nothing is billed.`];
  // The same for all, and one more, so that what is small can be compared.
  const digits = digitsOf(cost.total) + 1;
  const part = (name: string, amount: number, what: string) => [
    name,
    dollars(amount, digits),
    percent(amount / (cost.total || 1)),
    what,
  ];
  const {region, date} = cost.prices;
  return [
    `Job ${jobId} has cost ${cost.exact ? '' : 'about '}${dollars(cost.total)}.`,
    '',
    ...columns([
      part('drawing', workers.compute, shareText(workers)),
      part('orchestrator', orchestrator.compute, shareText(orchestrator)),
      part('requests', cost.requests, `${cost.invocations} to Lambda`),
      part('storage', cost.storage, `${operations.writes} writes, ${operations.reads} reads`),
      ...(unknown > 0 ? [part('not known', unknown, 'of runs that left no trace')] : []),
    ]),
    '',
    ...columns([['run', 'ended', 'cost', 'invocations', 'GB-s'], ...runs.map((run) => runRow(run, digits))]),
    '',
    `At AWS's prices of ${date} for ${region}. The orchestrator's time is by its own clock.`,
    ...(cost.exact ? [] : [WHY_ABOUT]),
  ];
}

const WHY_ABOUT =
  'Not exact: of some invocations no REPORT line is known, or a run has left no trace (it is under way, or its orchestrator died).';

const shareText = ({invocations, gbSeconds}: Share): string =>
  `${invocations} ${invocations === 1 ? 'invocation' : 'invocations'}, ${gbSeconds.toFixed(1)} GB-s`;

const ENDED: Readonly<Record<RunCost['outcome'], string>> = {
  finished: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
  handedOver: 'handed over',
  lost: 'died',
  running: 'not yet',
};

function runRow({run, outcome, estimated, cost}: RunCost, digits: number): string[] {
  const row = [String(run), ENDED[outcome]];
  if (!cost) return [...row, dollars(0, digits), '0', '0.0'];
  if (estimated) return [...row, dollars(cost.total, digits), '?', '?'];
  return [...row, dollars(cost.total, digits), String(cost.invocations), cost.gbSeconds.toFixed(1)];
}
