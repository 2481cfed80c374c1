import type {Cost} from '../model/bill.ts';

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
