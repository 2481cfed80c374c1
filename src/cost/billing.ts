import type {Cost} from '../model/bill.ts';
import {type EngineUsage, lasting, type StorageUsage, type Usage} from '../model/usage.ts';

/** Prices what was used. */
export type CostOf = (usage: readonly Usage[]) => Cost;

/** Milliseconds: an hour, which no invocation lives. */
const SELDOM = 3_600_000;

/** How often something may be written. */
interface Budget {
  costOf: CostOf;
  /** One of the processes that pay for it. */
  payer: EngineUsage;
  /** How many of these run at the same time. */
  payers: number;
  /** The usage of one write. */
  write: StorageUsage;
  /** A share of their cost, above 0. */
  share: number;
  /** Milliseconds. */
  atLeast: number;
}

/** Milliseconds from one write to the storage to the next if all together are to cost no more than a share of the payers. */
export function affordableEvery({costOf, payer, payers, write, share, atLeast}: Budget): number {
  const running = costOf([lasting(payer, 1000)]).compute * payers;
  // If the configured prices are 0, there is no limit to keep.
  if (!(running > 0)) return atLeast;
  return Math.min(SELDOM, Math.max(atLeast, Math.ceil((1000 * costOf([write]).storage) / (share * running))));
}
