import {z} from 'zod';
import {Invocation, Operations} from './bill.ts';

/** One invocation of a Lambda function. */
export const LambdaUsage = z.object({provider: z.literal('aws-lambda'), ...Invocation.shape});
export type LambdaUsage = z.infer<typeof LambdaUsage>;

/** Requests to S3. */
export const S3Usage = z.object({provider: z.literal('aws-s3'), ...Operations.shape});
export type S3Usage = z.infer<typeof S3Usage>;

/** The usage of a storage. */
export type StorageUsage = S3Usage;

/**
 * The usage of an engine or a storage, by its provider. It names no price: `cost/` prices it.
 * A new provider is one more member here and one more row of `PROVIDERS` in `cost/price-usage.ts`.
 */
export const Usage = z.discriminatedUnion('provider', [LambdaUsage, S3Usage]);
export type Usage = z.infer<typeof Usage>;

/** An invocation as records keep it, without its provider. */
export const invocationOf = ({provider: _, ...invocation}: LambdaUsage): Invocation => invocation;

/** The invocations and operations of stored records, by provider. */
export const usageOf = ({
  invocations,
  operations,
}: {
  invocations: readonly Invocation[];
  operations: Operations;
}): Usage[] => [
  ...invocations.map((invocation): LambdaUsage => ({provider: 'aws-lambda', ...invocation})),
  {provider: 'aws-s3', ...operations},
];
