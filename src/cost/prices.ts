import {z} from 'zod';

/** AWS's prices in a region, in US dollars. */
export interface Prices {
  /** Which region's: the asked one, also where its prices are taken to be those of us-east-1. */
  region: string;
  /** When they were so, YYYY-MM-DD. */
  date: string;
  /** A second of a function's gigabyte of memory (1,024 MB), by its processor. */
  gbSecond: {x86_64: number; arm64: number};
  /** One invocation, failed or not. */
  invocation: number;
  /** A second of a gigabyte of /tmp beyond the first 512 MB. */
  ephemeralGbSecond: number;
  /** One PUT, COPY, POST or LIST of S3 Standard. */
  write: number;
  /** One GET or HEAD of S3 Standard. */
  read: number;
}

const dollars = z.number().min(0);

/** Custom prices for any of the fields; all others stay as they are here. */
export const KnownPrices = z.strictObject({
  date: z.iso.date().optional(),
  gbSecond: z.strictObject({x86_64: dollars, arm64: dollars}).partial().optional(),
  invocation: dollars.optional(),
  ephemeralGbSecond: dollars.optional(),
  write: dollars.optional(),
  read: dollars.optional(),
});
export type KnownPrices = z.infer<typeof KnownPrices>;

type Row = Omit<Prices, 'region' | 'date'>;

const lambda = (x86_64: number, arm64: number, millionInvocations: number) => ({
  gbSecond: {x86_64, arm64},
  invocation: millionInvocations / 1e6,
});
const tmp = (ephemeralGbSecond: number) => ({ephemeralGbSecond});
const s3 = (thousandWrites: number, thousandReads: number) => ({
  write: thousandWrites / 1000,
  read: thousandReads / 1000,
});

/** Date of the last comparison with the published prices. */
const DATE = '2026-11-22';

const US_EAST_1: Row = {
  ...lambda(0.0000166667, 0.0000133334, 0.2),
  ...tmp(0.0000000309),
  ...s3(0.005, 0.0004),
};

/**
 * Where it costs something else than in us-east-1. Source: "AWS Lambda Pricing" (https://aws.amazon.com/lambda/pricing/),
 * first tier, and "Amazon S3 pricing" (https://aws.amazon.com/s3/pricing/), requests of S3 Standard. Free tiers,
 * discounts for more than 6 billion GB-seconds a month, Savings Plans and taxes are left out.
 *
 * AWS's own pages could not be read on that day. Lambda's prices are from a public copy of the data behind
 * AWS's calculator (in Remotion's `price-per-1-s.ts`), those of S3 from public copies of its page. Where a
 * region is marked "S3 ?" the copies differ, and the table has the higher price. Where S3 is missing no copy
 * has a price, and us-east-1's counts. China's regions, which are billed in yuan, and GovCloud are not here at all: set
 * `REVIDEO_PRICES` there.
 */
const ELSEWHERE: Readonly<Record<string, Partial<Row>>> = {
  'us-west-1': {...tmp(0.000000037), ...s3(0.0055, 0.00044)},
  'af-south-1': {...lambda(0.0000221, 0.00001768, 0.27), ...tmp(0.0000000404), ...s3(0.0065, 0.00052)}, // S3 ?
  'ap-east-1': {...lambda(0.00002292, 0.0000183, 0.28), ...tmp(0.0000000407)},
  'ap-northeast-1': {...tmp(0.000000037), ...s3(0.0047, 0.00037)},
  'ap-northeast-2': tmp(0.0000000352), // S3 ?
  'ap-northeast-3': tmp(0.000000037),
  'ap-south-1': tmp(0.0000000352),
  'ap-southeast-1': tmp(0.000000037),
  'ap-southeast-2': {...tmp(0.000000037), ...s3(0.0055, 0.00044)},
  'ap-southeast-4': tmp(0.000000037),
  'ap-southeast-5': {...lambda(0.000015, 0.000012, 0.18), ...tmp(0.0000000333)},
  'ca-central-1': {...tmp(0.000000034), ...s3(0.0055, 0.00044)}, // S3 ?
  'eu-central-1': {...tmp(0.0000000367), ...s3(0.0054, 0.00043)},
  'eu-central-2': {...lambda(0.0000183334, 0.0000146667, 0.22), ...tmp(0.0000000441)},
  'eu-north-1': tmp(0.0000000323),
  'eu-south-1': {...lambda(0.0000195172, 0.0000156138, 0.23), ...tmp(0.0000000357)},
  'eu-west-1': tmp(0.000000034),
  'eu-west-2': {...tmp(0.0000000358), ...s3(0.0053, 0.00042)},
  'eu-west-3': {...tmp(0.0000000358), ...s3(0.0053, 0.00042)},
  // The price of an invocation is taken to be that of me-south-1.
  'me-central-1': lambda(0.0000206667, 0.0000165334, 0.25),
  'me-south-1': {...lambda(0.0000206667, 0.0000165334, 0.25), ...tmp(0.0000000374), ...s3(0.006, 0.00048)}, // S3 ?
  'sa-east-1': {...tmp(0.0000000586), ...s3(0.007, 0.00056)},
};

/** The region whose prices are taken where none is named. */
export const DEFAULT_REGION = 'us-east-1';

/** AWS's prices in a region; for an unlisted region those of us-east-1. `known` goes over it. */
export function pricesOf(region: string = DEFAULT_REGION, known: KnownPrices = {}): Prices {
  const row: Row = {...US_EAST_1, ...(Object.hasOwn(ELSEWHERE, region) && ELSEWHERE[region])};
  return {
    region,
    date: known.date ?? DATE,
    gbSecond: {
      x86_64: known.gbSecond?.x86_64 ?? row.gbSecond.x86_64,
      arm64: known.gbSecond?.arm64 ?? row.gbSecond.arm64,
    },
    invocation: known.invocation ?? row.invocation,
    ephemeralGbSecond: known.ephemeralGbSecond ?? row.ephemeralGbSecond,
    write: known.write ?? row.write,
    read: known.read ?? row.read,
  };
}

/** The form of a text with custom prices, for the error message. */
const ALLOWED =
  'a JSON object with any of "date" (YYYY-MM-DD) and, in dollars, "gbSecond" ({"x86_64": …, "arm64": …}), "invocation", "ephemeralGbSecond", "write", "read"';

/** Reads custom prices; otherwise says which field is wrong and what is allowed. */
export function readKnownPrices(text: string): {prices: KnownPrices} | {allowed: string} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {allowed: ALLOWED};
  }
  const parsed = KnownPrices.safeParse(value);
  if (parsed.success) return {prices: parsed.data};
  const fields = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...issue.path, key].join('.'))
      : issue.path.join('.'),
  );
  const named = fields.filter((field) => field !== '');
  return {allowed: named.length > 0 ? `${ALLOWED}: ${named.join(', ')} cannot be used` : ALLOWED};
}
