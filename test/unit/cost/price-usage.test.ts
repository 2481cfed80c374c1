import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import {usageSince} from '../../../src/cost/storage-usage.ts';
import {Cost} from '../../../src/model/bill.ts';
import {LambdaUsage, type S3Usage, Usage} from '../../../src/model/usage.ts';

const prices = pricesOf('us-east-1');
const worker: LambdaUsage = {
  ...{provider: 'aws-lambda', id: 'a', kind: 'partialRender', exact: true},
  ...{billedMs: 10_000, memoryMb: 1024, architecture: 'arm64'},
};
const requests: S3Usage = {provider: 'aws-s3', writes: 1000, reads: 2000};

describe('priceUsage', () => {
  it('prices each provider by its own rules', () => {
    const lambda = priceUsage([worker], {prices});
    expect(lambda).toMatchObject({invocations: 1, gbSeconds: 10, storage: 0, exact: true});
    expect(lambda.compute).toBeCloseTo(10 * 0.0000133334, 12);
    expect(lambda.requests).toBeCloseTo(0.0000002, 12);
    const s3 = priceUsage([requests], {prices});
    expect(s3).toMatchObject({compute: 0, requests: 0, invocations: 0, gbSeconds: 0, exact: true});
    expect(s3.storage).toBeCloseTo(0.005 + 0.0008, 12);
  });

  it('adds providers up, whatever the order of what they report', () => {
    const usage = fc.shuffledSubarray([worker, {...worker, id: 'b', exact: false}, requests, requests]);
    const holds = fc.property(usage, (used) => {
      const whole = priceUsage(used, {prices});
      expect(Cost.parse(whole)).toEqual(whole);
      const apart = used.map((one) => priceUsage([one], {prices}).total);
      expect(whole.total).toBeCloseTo(
        apart.reduce((sum, one) => sum + one, 0),
        12,
      );
      expect(whole.exact).toBe(used.every((one) => one.provider !== 'aws-lambda' || one.exact));
    });
    fc.assert(holds);
  });

  it('costs nothing where nobody charges', () => {
    expect(priceUsage([], {prices})).toMatchObject({total: 0, invocations: 0, exact: true});
  });
});

describe('usage', () => {
  it('is read by its provider, and one of an unknown provider is refused', () => {
    expect(Usage.parse(JSON.parse(JSON.stringify(worker)))).toEqual(worker);
    expect(Usage.parse(requests)).toEqual(requests);
    expect(Usage.safeParse({...requests, provider: 'somebody'}).success).toBe(false);
    expect(LambdaUsage.safeParse(requests).success).toBe(false);
  });

  it('of a storage is what came since', () => {
    let used = requests;
    const since = usageSince({used: () => used});
    used = {...requests, writes: 1003, reads: 2001};
    expect(since()).toEqual({provider: 'aws-s3', writes: 3, reads: 1});
    expect(usageSince({})()).toBeUndefined();
  });
});
