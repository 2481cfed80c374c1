import {z} from 'zod';

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
