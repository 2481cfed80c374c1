/** Lambda's limits. */
export const LAMBDA = {
  /** Seconds to which a bill is rounded up. "AWS Lambda Pricing" */
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

/** MB a second between a function and S3: assumed, neither measured nor promised. */
export const ASSUMED_S3_MB_PER_SECOND = 50;
/** MB of a film that are sent in one request: `src/storage/s3/s3.ts`. */
export const UPLOAD_MB = 8;
