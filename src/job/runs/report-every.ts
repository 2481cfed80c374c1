import {affordableEvery} from '../../cost/billing.ts';
import {oneWrite} from '../../cost/storage-usage.ts';
import type {EngineUsage} from '../../model/usage.ts';
import type {JobPorts} from '../ports.ts';
import type {WorkerIntervals} from '../run-order.ts';
import {FRAMES_EVERY, PROGRESS_EVERY, STORE_EVERY} from '../timing.ts';

/**
 * Shares of a job's cost: for writing its progress, for its workers' reports of rendered frames, and for uploads before the end of
 * a chunk.
 */
const [PROGRESS_SHARE, FRAMES_SHARE, STORE_SHARE] = [0.005, 0.008, 0.005];

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

/** How often a worker reports its rendered frames, and stores its finished segments. */
export function workerIntervals(
  {costOf, engine, storage}: Pick<JobPorts, 'costOf' | 'engine' | 'storage'>,
  own: Own,
): WorkerIntervals {
  const write = oneWrite(storage);
  const every = (share: number, atLeast: number): number =>
    costOf && own && write
      ? affordableEvery({costOf, payer: own(), payers: 1, write, share, atLeast})
      : atLeast;
  const isSeen = engine.traits.progress === 'callback';
  return {
    frames: isSeen ? undefined : every(FRAMES_SHARE, FRAMES_EVERY),
    store: every(STORE_SHARE, STORE_EVERY),
  };
}
