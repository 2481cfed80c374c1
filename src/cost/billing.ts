import type {Cost, Invocation, Operations} from '../model/bill.ts';

/** The usage of a job, or of a part of it. */
export interface Usage {
  invocations: readonly Invocation[];
  operations: Operations;
}

/** Prices what was used. */
export type CostOf = (usage: Usage) => Cost;

/** No requests to the storage. */
export const NO_OPERATIONS: Operations = {writes: 0, reads: 0};

/** Milliseconds: an hour, which no invocation lives. */
const SELDOM = 3_600_000;

/** How often something may be written. */
interface Budget {
  costOf: CostOf;
  /** One of the invocations that pay for it. */
  invocation: Invocation;
  /** How many of these run at the same time. */
  invocations: number;
  /** A share of their cost, above 0. */
  share: number;
  /** Milliseconds. */
  atLeast: number;
}

/** Milliseconds from one write to the storage to the next if all together are to cost no more than a share of the invocations. */
export function affordableEvery({costOf, invocation, invocations, share, atLeast}: Budget): number {
  const second = {...invocation, billedMs: 1000};
  const running = costOf({invocations: [second], operations: NO_OPERATIONS}).compute * invocations;
  const write = costOf({invocations: [], operations: {writes: 1, reads: 0}}).storage;
  // If the configured prices are 0, there is no limit to keep.
  if (!(running > 0)) return atLeast;
  return Math.min(SELDOM, Math.max(atLeast, Math.ceil((1000 * write) / (share * running))));
}
