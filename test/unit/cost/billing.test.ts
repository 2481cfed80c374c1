import fc from 'fast-check';
import {expect, it} from 'vitest';
import {affordableEvery} from '../../../src/cost/billing.ts';
import {costOf} from '../../../src/cost/cost.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import type {Invocation} from '../../../src/model/bill.ts';

const prices = pricesOf('us-east-1');
const price = (usage: Omit<Parameters<typeof costOf>[0], 'prices'>) => costOf({...usage, prices});

it('what is written again and again costs no more than its share, and never comes sooner than allowed', () => {
  const budget = fc.record({
    memoryMb: fc.integer({min: 128, max: 10_240}),
    architecture: fc.constantFrom<Invocation['architecture']>('x86_64', 'arm64'),
    invocations: fc.integer({min: 1, max: 1_000}),
    share: fc.double({min: 0.001, max: 0.1, noNaN: true}),
    atLeast: fc.integer({min: 1, max: 10_000}),
    minutes: fc.integer({min: 1, max: 15}),
  });
  fc.assert(
    fc.property(budget, ({memoryMb, architecture, invocations, share, atLeast, minutes}) => {
      const invocation: Invocation = {
        ...{id: 'x', kind: 'fullRender', billedMs: 1, memoryMb, architecture, exact: false},
      };
      const every = affordableEvery({costOf: price, invocation, invocations, share, atLeast});
      expect(every).toBeGreaterThanOrEqual(atLeast);
      const billedMs = minutes * 60_000;
      const all = Array.from({length: invocations}, () => ({...invocation, billedMs}));
      const {compute} = price({invocations: all, operations: {writes: 0, reads: 0}});
      const writes = Math.floor(billedMs / every);
      const {storage} = price({invocations: [], operations: {writes, reads: 0}});
      expect(storage).toBeLessThanOrEqual(share * compute * (1 + 1e-9));
    }),
    {numRuns: 50},
  );
});
