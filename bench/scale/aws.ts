import {pricesOf} from '../../src/cost/prices.ts';

/** Dollars: `src/cost/prices.ts` has the sources. x86, us-east-1. */
const PRICES = pricesOf('us-east-1');

/**
 * What AWS asks for and allows: x86, us-east-1, as known when this was written; check before you believe a sum.
 * Reserved storage above 512 MB, data transfer and storage by the month are left out: they are below 1 % here.
 */
export const AWS = {
  dollarsPerGbSecond: PRICES.gbSecond.x86_64,
  dollarsPerInvocation: PRICES.invocation,
  dollarsPerPut: PRICES.write,
  dollarsPerGet: PRICES.read,
  /** Seconds to which a bill is rounded up. https://aws.amazon.com/lambda/pricing/ */
  billedStep: 0.001,
  /** MB of memory with which a function has one vCPU; more has more. AWS Lambda, "Configure Lambda function memory" */
  memoryMbPerVcpu: 1769,
  /** Seconds. AWS Lambda, "Lambda quotas", function timeout */
  longestInvocation: 900,
  /** Executions of an account in a region at one time, unless it asks for more. "Lambda quotas", concurrent executions */
  concurrency: 1000,
  /** MB in /tmp at most. "Lambda quotas", /tmp directory storage */
  temporaryMb: 10_240,
} as const;

/** MB a second between a function and S3: assumed, not measured and not promised by anybody. */
export const ASSUMED_S3_MB_PER_SECOND = 50;
/** MB of a film that are sent in one request: `src/storage/s3.ts`. */
export const UPLOAD_MB = 8;
