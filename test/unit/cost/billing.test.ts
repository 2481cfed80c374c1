import fc from 'fast-check';
import {expect, it} from 'vitest';
import {affordableEvery} from '../../../src/cost/billing.ts';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import type {LambdaUsage, S3Usage, Usage} from '../../../src/model/usage.ts';

const prices = pricesOf('us-east-1');
const price = (usage: readonly Usage[]) => priceUsage(usage, {prices});
const write: S3Usage = {provider: 'aws-s3', writes: 1, reads: 0};

it('what is written again and again costs no more than its share, and never comes sooner than allowed', () => {
  const budget = fc.record({
    memoryMb: fc.integer({min: 128, max: 10_240}),
    architecture: fc.constantFrom<LambdaUsage['architecture']>('x86_64', 'arm64'),
    payers: fc.integer({min: 1, max: 1_000}),
    share: fc.double({min: 0.001, max: 0.1, noNaN: true}),
    atLeast: fc.integer({min: 1, max: 10_000}),
    minutes: fc.integer({min: 1, max: 15}),
  });
  fc.assert(
    fc.property(budget, ({memoryMb, architecture, payers, share, atLeast, minutes}) => {
      const payer: LambdaUsage = {
        ...{
          provider: 'aws-lambda',
          id: 'x',
          kind: 'fullRender',
          billedMs: 1,
          memoryMb,
          architecture,
          exact: false,
        },
      };
      const every = affordableEvery({costOf: price, payer, payers, write, share, atLeast});
      expect(every).toBeGreaterThanOrEqual(atLeast);
      const billedMs = minutes * 60_000;
      const all = Array.from({length: payers}, () => ({...payer, billedMs}));
      const {compute} = price(all);
      const writes = Math.floor(billedMs / every);
      const {storage} = price([{...write, writes}]);
      expect(storage).toBeLessThanOrEqual(share * compute * (1 + 1e-9));
    }),
    {numRuns: 50},
  );
});
