/**
 * What AWS asks for and allows: x86, us-east-1, as known when this was written; check before you believe a sum.
 * Reserved storage above 512 MB, data transfer and storage by the month are left out: they are below 1 % here.
 */
export const AWS = {
  /** Dollars. https://aws.amazon.com/lambda/pricing/ */
  dollarsPerGbSecond: 0.0000166667,
  /** Dollars: 0.20 a million. https://aws.amazon.com/lambda/pricing/ */
  dollarsPerInvocation: 0.2 / 1e6,
  /** Seconds to which a bill is rounded up. https://aws.amazon.com/lambda/pricing/ */
  billedStep: 0.001,
  /** Dollars: 0.005 a thousand. https://aws.amazon.com/s3/pricing/ */
  dollarsPerPut: 0.005 / 1000,
  /** Dollars: 0.0004 a thousand. https://aws.amazon.com/s3/pricing/ */
  dollarsPerGet: 0.0004 / 1000,
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
