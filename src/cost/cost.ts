import type {Cost, Invocation, Operations} from '../model/bill.ts';
import type {Prices} from './prices.ts';

/** The usage and its prices. */
export interface Bill {
  /** Each that was begun, failed and doubled ones included. */
  invocations: readonly Invocation[];
  operations: Operations;
  prices: Prices;
  /** The function's /tmp, in MB; by default 512, which are free. */
  ephemeralMb?: number | undefined;
}

/** MB of /tmp that cost nothing. "AWS Lambda Pricing", ephemeral storage */
const FREE_TMP_MB = 512;

/** The cost of invocations and requests. */
export function costOf({invocations, operations, prices, ephemeralMb = FREE_TMP_MB}: Bill): Cost {
  const tmpGb = Math.max(0, ephemeralMb - FREE_TMP_MB) / 1024;
  let compute = 0;
  let gbSeconds = 0;
  for (const {billedMs, memoryMb, architecture} of invocations) {
    const seconds = billedMs / 1000;
    const used = (memoryMb / 1024) * seconds;
    gbSeconds += used;
    compute += used * prices.gbSecond[architecture] + tmpGb * seconds * prices.ephemeralGbSecond;
  }
  const requests = invocations.length * prices.invocation;
  const storage = operations.writes * prices.write + operations.reads * prices.read;
  return {
    ...{total: compute + requests + storage, compute, requests, storage},
    ...{invocations: invocations.length, gbSeconds},
    // No invocation sees its own REPORT line, and no process waits for the orchestrator that could read it.
    exact: invocations.every(({kind, exact}) => exact || kind === 'fullRender'),
    prices: {region: prices.region, date: prices.date},
  };
}

/** The sum of costs, at the prices that the last of them names; undefined for none. */
export function addCosts(costs: readonly Cost[]): Cost | undefined {
  const last = costs.at(-1);
  if (!last) return undefined;
  const sum = (name: 'total' | 'compute' | 'requests' | 'storage' | 'invocations' | 'gbSeconds'): number =>
    costs.reduce((before, cost) => before + cost[name], 0);
  return {
    ...{total: sum('total'), compute: sum('compute'), requests: sum('requests'), storage: sum('storage')},
    ...{invocations: sum('invocations'), gbSeconds: sum('gbSeconds')},
    exact: costs.every(({exact}) => exact),
    prices: last.prices,
  };
}

/** The sum of requests. */
export const addOperations = (all: readonly Operations[]): Operations => ({
  writes: all.reduce((sum, {writes}) => sum + writes, 0),
  reads: all.reduce((sum, {reads}) => sum + reads, 0),
});
