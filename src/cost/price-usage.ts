import type {Cost} from '../model/bill.ts';
import {gbSecondsOf, type LambdaUsage, type S3Usage, type Usage} from '../model/usage.ts';
import type {Prices} from './prices.ts';

/** At which prices usage is priced. */
export interface Pricing {
  prices: Prices;
  /** The function's /tmp, in MB; 512, which are free, if left out. */
  ephemeralMb?: number | undefined;
}

/** The cost of all usage of one provider. */
type Amounts = Omit<Cost, 'total' | 'prices'>;

/** MB of /tmp that cost nothing. "AWS Lambda Pricing", ephemeral storage */
const FREE_TMP_MB = 512;

const NOTHING: Amounts = {compute: 0, requests: 0, storage: 0, invocations: 0, gbSeconds: 0, exact: true};

type Provider = Usage['provider'];
type UsageOf<P extends Provider> = Extract<Usage, {provider: P}>;

/** How each provider charges. */
const PROVIDERS: {readonly [P in Provider]: (used: readonly UsageOf<P>[], pricing: Pricing) => Amounts} = {
  'aws-lambda': priceLambda,
  'aws-s3': priceS3,
};

/** The cost of usage, of all providers together. */
export function priceUsage(usage: readonly Usage[], pricing: Pricing): Cost {
  const {region, date} = pricing.prices;
  const amountsOf = <P extends Provider>(provider: P): Amounts =>
    PROVIDERS[provider](
      usage.filter((one): one is UsageOf<P> => one.provider === provider),
      pricing,
    );
  const all = (Object.keys(PROVIDERS) as Provider[]).map(amountsOf);
  const sum = (name: Exclude<keyof Amounts, 'exact'>): number =>
    all.reduce((before, amounts) => before + amounts[name], 0);
  const [compute, requests, storage] = [sum('compute'), sum('requests'), sum('storage')];
  return {
    total: compute + requests + storage,
    compute,
    requests,
    storage,
    invocations: sum('invocations'),
    gbSeconds: sum('gbSeconds'),
    exact: all.every(({exact}) => exact),
    prices: {region, date},
  };
}

function priceLambda(used: readonly LambdaUsage[], {prices, ephemeralMb = FREE_TMP_MB}: Pricing): Amounts {
  const tmpGb = Math.max(0, ephemeralMb - FREE_TMP_MB) / 1024;
  let compute = 0;
  let gbSeconds = 0;
  for (const one of used) {
    const memory = gbSecondsOf(one);
    const tmp = tmpGb * (one.billedMs / 1000);
    gbSeconds += memory;
    compute += memory * prices.gbSecond[one.architecture] + tmp * prices.ephemeralGbSecond;
  }
  return {
    ...NOTHING,
    compute,
    gbSeconds,
    invocations: used.length,
    requests: used.length * prices.invocation,
    // No process reads the orchestrator's REPORT line: Lambda writes it after the orchestrator has ended.
    exact: used.every(({kind, exact}) => exact || kind === 'fullRender'),
  };
}

function priceS3(used: readonly S3Usage[], {prices}: Pricing): Amounts {
  const sum = (name: 'writes' | 'reads') => used.reduce((before, one) => before + one[name], 0);
  return {...NOTHING, storage: sum('writes') * prices.write + sum('reads') * prices.read};
}
