import type {Cost, Invocation, Operations} from '../model/bill.ts';
import {usageOf} from '../model/usage.ts';
import {type Pricing, priceUsage} from './price-usage.ts';

/** The usage and its prices. */
export interface Bill extends Pricing {
  /** Each that was begun, failed and doubled ones included. */
  invocations: readonly Invocation[];
  operations: Operations;
}

/** The cost of invocations and requests. */
export const costOf = ({invocations, operations, ...pricing}: Bill): Cost =>
  priceUsage(usageOf({invocations, operations}), pricing);

/** The sum of costs, at the prices that the last of them names; undefined for none. */
export function addCosts(costs: readonly Cost[]): Cost | undefined {
  const last = costs.at(-1);
  if (!last) return undefined;
  const sum = (name: 'total' | 'compute' | 'requests' | 'storage' | 'invocations' | 'gbSeconds'): number =>
    costs.reduce((before, cost) => before + cost[name], 0);
  return {
    total: sum('total'),
    compute: sum('compute'),
    requests: sum('requests'),
    storage: sum('storage'),
    invocations: sum('invocations'),
    gbSeconds: sum('gbSeconds'),
    exact: costs.every(({exact}) => exact),
    prices: last.prices,
  };
}

/** The sum of requests. */
export const addOperations = (all: readonly Operations[]): Operations => ({
  writes: all.reduce((sum, {writes}) => sum + writes, 0),
  reads: all.reduce((sum, {reads}) => sum + reads, 0),
});
