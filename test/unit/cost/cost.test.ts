import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {addCosts} from '../../../src/cost/cost.ts';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import {Cost} from '../../../src/model/bill.ts';
import type {LambdaUsage, S3Usage} from '../../../src/model/usage.ts';

const prices = pricesOf('eu-central-1');

const invocation: fc.Arbitrary<LambdaUsage> = fc.record({
  provider: fc.constant('aws-lambda'),
  id: fc.uuid(),
  kind: fc.constantFrom('fullRender', 'partialRender'),
  billedMs: fc.integer({min: 0, max: 900_000}),
  memoryMb: fc.integer({min: 128, max: 10_240}),
  architecture: fc.constantFrom('x86_64', 'arm64'),
  exact: fc.boolean(),
});
const requests: fc.Arbitrary<S3Usage> = fc.record({
  provider: fc.constant('aws-s3'),
  writes: fc.nat(100_000),
  reads: fc.nat(100_000),
});
const bill = fc.record({
  invocations: fc.array(invocation, {maxLength: 20}),
  requests,
  ephemeralMb: fc.constantFrom(undefined, 512, 2048, 10_240),
});

type Bill = typeof bill extends fc.Arbitrary<infer Of> ? Of : never;
const costOf = ({invocations, requests, ephemeralMb}: Bill) =>
  priceUsage([...invocations, requests], {prices, ephemeralMb});

const AMOUNTS = ['total', 'compute', 'requests', 'storage', 'invocations', 'gbSeconds'] as const;

describe('priceUsage', () => {
  it('is what the pages of AWS say a second of a worker and its requests cost', () => {
    const worker: LambdaUsage = {
      ...{provider: 'aws-lambda', id: 'a', kind: 'partialRender', exact: true},
      ...{billedMs: 10_000, memoryMb: 2048, architecture: 'x86_64'},
    };
    const other: LambdaUsage = {...worker, id: 'b', architecture: 'arm64'};
    const requests: S3Usage = {provider: 'aws-s3', writes: 1000, reads: 2000};
    const cost = priceUsage([worker, other, requests], {prices: pricesOf('us-east-1'), ephemeralMb: 1536});
    expect(cost).toMatchObject({gbSeconds: 40, invocations: 2, exact: true});
    // 20 GB-s of each processor, and 20 s of one more gigabyte of /tmp.
    expect(cost.compute).toBeCloseTo(20 * 0.0000166667 + 20 * 0.0000133334 + 20 * 0.0000000309, 12);
    expect(cost.requests).toBeCloseTo(0.0000004, 12);
    expect(cost.storage).toBeCloseTo(0.005 + 0.0008, 12);
    expect(cost.total).toBeCloseTo(cost.compute + cost.requests + cost.storage, 12);
  });

  it('adds up: two bills on their own cost what they cost as one', () => {
    fc.assert(
      fc.property(bill, bill, ({ephemeralMb, ...one}, {ephemeralMb: _, ...other}) => {
        const apart = addCosts([costOf({...one, ephemeralMb}), costOf({...other, ephemeralMb})]);
        const usage = [...one.invocations, one.requests, ...other.invocations, other.requests];
        const together = priceUsage(usage, {prices, ephemeralMb});
        expect(Cost.parse(apart)).toEqual(apart);
        for (const name of AMOUNTS) expect(apart?.[name]).toBeCloseTo(together[name], 9);
        expect(apart?.exact).toBe(together.exact);
        expect(apart?.prices).toEqual(together.prices);
      }),
    );
  });

  it('never costs less for one more invocation, a longer one, more memory, or more requests', () => {
    fc.assert(
      fc.property(bill, invocation, requests, (less, more, asked) => {
        const least = costOf(less);
        const grown = less.invocations.map((one) => ({
          ...one,
          billedMs: one.billedMs + more.billedMs,
          memoryMb: one.memoryMb + more.memoryMb,
        }));
        const dearer = [
          costOf({...less, invocations: [...less.invocations, more]}),
          costOf({...less, invocations: grown}),
          priceUsage([...less.invocations, less.requests, asked], {prices, ephemeralMb: less.ephemeralMb}),
          costOf({...less, ephemeralMb: 10_240}),
        ];
        // The last bit is rounding's.
        for (const cost of dearer) expect(cost.total).toBeGreaterThanOrEqual(least.total - 1e-12);
      }),
    );
  });

  it('is exact if every worker is, whatever is known of the orchestrator', () => {
    fc.assert(
      fc.property(bill, (bill) => {
        const workers = bill.invocations.filter(({kind}) => kind === 'partialRender');
        expect(costOf(bill).exact).toBe(!workers.some(({exact}) => !exact));
      }),
    );
  });
});

describe('addCosts', () => {
  it('is nothing for none, and shows the prices of the last', () => {
    expect(addCosts([])).toBeUndefined();
    const costs = ['eu-west-1', 'sa-east-1'].map((region) => priceUsage([], {prices: pricesOf(region)}));
    expect(addCosts(costs)?.prices.region).toBe('sa-east-1');
  });
});

describe('pricesOf', () => {
  it('has prices of its own for a region, and those of us-east-1 for one it does not know', () => {
    const virginia = pricesOf();
    expect(pricesOf('us-east-2')).toEqual({...virginia, region: 'us-east-2'});
    expect(pricesOf('toString')).toEqual({...virginia, region: 'toString'});
    expect(pricesOf('af-south-1').gbSecond.arm64).toBe(0.00001768);
    expect(pricesOf('sa-east-1').write).toBe(0.007 / 1000);
    expect(pricesOf('sa-east-1').gbSecond).toEqual(virginia.gbSecond);
  });

  it('lets who knows better say so, field by field', () => {
    const known = {date: '2027-01-01', gbSecond: {arm64: 0}, read: 0};
    const prices = pricesOf('eu-west-2', known);
    expect(prices).toEqual({
      ...pricesOf('eu-west-2'),
      ...{date: '2027-01-01', read: 0},
      gbSecond: {x86_64: 0.0000166667, arm64: 0},
    });
  });
});
