import {z} from 'zod';

/** One invocation of a Lambda function, as it is billed. */
export const LambdaUsage = z.object({
  provider: z.literal('aws-lambda'),
  /** Lambda's name of it, its request id. */
  id: z.string(),
  kind: z.enum(['fullRender', 'partialRender']),
  /** Milliseconds that are billed, a cold start's included. */
  billedMs: z.number().min(0),
  /** Milliseconds of these that a cold start took; left out for a warm one. */
  initMs: z.number().min(0).optional(),
  memoryMb: z.int().min(1),
  architecture: z.enum(['x86_64', 'arm64']),
  /** Whether Lambda's REPORT line says so; otherwise by the invocation's own clock. */
  exact: z.boolean(),
});
export type LambdaUsage = z.infer<typeof LambdaUsage>;

/** Requests to S3, as it charges for them; to delete costs nothing. */
export const S3Usage = z.object({
  provider: z.literal('aws-s3'),
  /** PUT, COPY, POST and LIST, each part of a large object included. */
  writes: z.int().min(0),
  /** GET and HEAD. */
  reads: z.int().min(0),
});
export type S3Usage = z.infer<typeof S3Usage>;

/** The usage that an engine charges for: of one worker, or of the orchestrator. */
export const EngineUsage = LambdaUsage;
export type EngineUsage = LambdaUsage;

/** The requests that a storage charges for. */
export const StorageUsage = S3Usage;
export type StorageUsage = S3Usage;

/**
 * The usage of an engine or a storage, by its provider. It names no price: `cost/` prices it.
 * A new provider is one more member here and one more row of `PROVIDERS` in `cost/price-usage.ts`.
 */
export const Usage = z.discriminatedUnion('provider', [LambdaUsage, S3Usage]);
export type Usage = z.infer<typeof Usage>;

/** Requests to a storage, of any provider. */
export type Requests = Pick<StorageUsage, 'writes' | 'reads'>;

/** The same usage as if it had taken `ms` milliseconds. */
export const lasting = (used: EngineUsage, ms: number): EngineUsage => ({...used, billedMs: ms});

/** The usage of a worker of which only the time is known, in milliseconds. It runs on what the orchestrator runs on. */
export const workerLike = (orchestrator: EngineUsage, {id, ms}: {id: string; ms: number}): EngineUsage => {
  const {initMs: _, ...rest} = orchestrator;
  return {...rest, id, kind: 'partialRender', billedMs: ms, exact: false};
};

/** Gigabytes of memory times seconds. */
export const gbSecondsOf = ({memoryMb, billedMs}: EngineUsage): number =>
  (memoryMb / 1024) * (billedMs / 1000);

/** The sum of requests. */
export const addRequests = (all: readonly Requests[]): Requests => ({
  writes: all.reduce((sum, {writes}) => sum + writes, 0),
  reads: all.reduce((sum, {reads}) => sum + reads, 0),
});

/** The sum of usage by its provider, one entry each. */
export function addStorageUsage(all: readonly StorageUsage[]): StorageUsage[] {
  const providers = [...new Set(all.map(({provider}) => provider))];
  return providers.map((provider) => ({
    provider,
    ...addRequests(all.filter((one) => one.provider === provider)),
  }));
}
