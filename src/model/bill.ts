import {z} from 'zod';

/** One invocation of a Lambda function, as it is billed. */
export const Invocation = z.object({
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
export type Invocation = z.infer<typeof Invocation>;

/** Requests to the storage, as S3 charges for them; to delete costs nothing. */
export const Operations = z.object({
  /** PUT, COPY, POST and LIST, each part of a large object included. */
  writes: z.int().min(0),
  /** GET and HEAD. */
  reads: z.int().min(0),
});
export type Operations = z.infer<typeof Operations>;

/** The cost of a job or a part of it, in US dollars. */
export const Cost = z.object({
  total: z.number().min(0),
  /** Billed time and memory. */
  compute: z.number().min(0),
  /** Invocations, each as such. */
  requests: z.number().min(0),
  /** Operations of the storage; what it takes to keep the film is not in here. */
  storage: z.number().min(0),
  invocations: z.int().min(0),
  /** Gigabytes of memory times seconds. */
  gbSeconds: z.number().min(0),
  /** Whether every invocation's REPORT line is known, except the orchestrator's own. */
  exact: z.boolean(),
  /** Which prices: of which region, and of which day, YYYY-MM-DD. */
  prices: z.object({region: z.string(), date: z.string()}),
});
export type Cost = z.infer<typeof Cost>;
