import {affordableEvery} from '../../cost/billing.ts';
import type {Invocation} from '../../model/bill.ts';
import type {JobPorts} from '../ports.ts';
import {FRAMES_EVERY, PROGRESS_EVERY} from '../timing.ts';

/** Shares of a job's cost that may go into writing its progress, and into its workers' reports of rendered frames. */
const [PROGRESS_SHARE, FRAMES_SHARE] = [0.005, 0.013];

/** The bill of an orchestrator's invocation up to now; undefined where nothing is billed. */
type Own = (() => Invocation) | undefined;

/** Milliseconds between two writes of a job's progress while this many of its workers run. */
export function progressEvery({costOf}: Pick<JobPorts, 'costOf'>, own: Own, running: number): number {
  if (!costOf || !own) return PROGRESS_EVERY;
  const budget = {invocations: running + 1, share: PROGRESS_SHARE, atLeast: PROGRESS_EVERY};
  return affordableEvery({costOf, invocation: own(), ...budget});
}

/** Milliseconds between two reports of a worker on its rendered frames; undefined where the engine sees them. */
export function framesEvery(
  {costOf, engine}: Pick<JobPorts, 'costOf' | 'engine'>,
  own: Own,
): number | undefined {
  if (engine.traits.progress === 'callback') return undefined;
  if (!costOf || !own) return FRAMES_EVERY;
  const budget = {share: FRAMES_SHARE, atLeast: FRAMES_EVERY};
  return affordableEvery({costOf, invocation: own(), invocations: 1, ...budget});
}
