import {affordableEvery} from '../../cost/billing.ts';
import {oneWrite} from '../../cost/storage-usage.ts';
import type {EngineUsage} from '../../model/usage.ts';
import type {JobPorts} from '../ports.ts';
import {FRAMES_EVERY, PROGRESS_EVERY} from '../timing.ts';

/** Shares of a job's cost that may go into writing its progress, and into its workers' reports of rendered frames. */
const [PROGRESS_SHARE, FRAMES_SHARE] = [0.005, 0.013];

/** The usage of this process up to now; undefined where nothing is billed. */
type Own = (() => EngineUsage) | undefined;

/** Milliseconds between two writes of a job's progress while this many of its workers run. */
export function progressEvery(
  {costOf, storage}: Pick<JobPorts, 'costOf' | 'storage'>,
  own: Own,
  running: number,
): number {
  const write = oneWrite(storage);
  if (!costOf || !own || !write) return PROGRESS_EVERY;
  const budget = {payers: running + 1, share: PROGRESS_SHARE, atLeast: PROGRESS_EVERY};
  return affordableEvery({costOf, payer: own(), write, ...budget});
}

/** Milliseconds between two reports of a worker on its rendered frames; undefined where the engine sees them. */
export function framesEvery(
  {costOf, engine, storage}: Pick<JobPorts, 'costOf' | 'engine' | 'storage'>,
  own: Own,
): number | undefined {
  if (engine.traits.progress === 'callback') return undefined;
  const write = oneWrite(storage);
  if (!costOf || !own || !write) return FRAMES_EVERY;
  const budget = {share: FRAMES_SHARE, atLeast: FRAMES_EVERY};
  return affordableEvery({costOf, payer: own(), payers: 1, write, ...budget});
}
