import {z} from 'zod';
import {Cost} from './bill.ts';
import {withProviders} from './earlier-usage.ts';
import {Spent} from './result.ts';
import {EngineUsage, StorageUsage} from './usage.ts';

/** Milliseconds since the run began. */
const at = z.number().min(0);

/** One try at one chunk. */
export const Attempt = z.object({
  /** Index of the chunk, 0 for the first. */
  chunk: z.int().min(0),
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** Whether it was begun beside another one that took too long. */
  double: z.boolean(),
  /** Frames `[start, end)`. */
  start: z.int().min(0),
  end: z.int().min(1),
  /** When it stood in line, when it was sent off, and when its end was known. */
  queued: at,
  began: at,
  ended: at,
  /** `found`: there before it was begun. `superseded`: another try was faster, or the run ended before. */
  outcome: z.enum(['done', 'found', 'failed', 'refused', 'superseded']),
  error: z.object({errorType: z.string(), errorMessage: z.string()}).optional(),
  /** Seconds by the worker's own clock; left out if it did not finish. */
  seconds: Spent.optional(),
  /** Bytes of the stored chunk. */
  bytes: z.int().min(0).optional(),
  /** Left out where nothing is billed, or where it is not known. */
  used: EngineUsage.optional(),
});
export type Attempt = z.infer<typeof Attempt>;

const TraceFields = z.object({
  jobId: z.string(),
  run: z.int().min(1),
  /** The version of revideo-lambda. */
  version: z.string(),
  /** By the orchestrator's clock, milliseconds since 1970. */
  began: z.number(),
  ended: at,
  outcome: z.enum(['finished', 'failed', 'cancelled', 'handedOver']),
  error: z.object({errorType: z.string(), errorMessage: z.string()}).optional(),
  /** The event that asked for it, without secrets. */
  request: z.record(z.string(), z.unknown()),
  engine: z.string(),
  film: z
    .object({
      frames: z.int(),
      fps: z.number(),
      size: z.object({width: z.number(), height: z.number()}),
      chunks: z.int(),
      /** The version of Revideo that draws it; left out where that is not known. */
      revideo: z.string().optional(),
    })
    .optional(),
  /** The orchestrator's phases; `sound` runs beside `rendering`. */
  phases: z.array(
    z.object({
      name: z.enum(['planning', 'rendering', 'sound', 'merging', 'publishing']),
      began: at,
      ended: at,
    }),
  ),
  attempts: z.array(Attempt),
  /** The orchestrator's own usage; left out where nothing is billed. */
  orchestrator: EngineUsage.optional(),
  /** The storage's usage, by the orchestrator and by all workers that answered: one entry for each provider. */
  used: z.array(StorageUsage),
  /** The cost of this run alone; left out where nothing is billed. */
  cost: Cost.optional(),
});

/** The record of an ended run; it holds all data for the report and the sum of the cost. Reads schema 2 too. */
export const Trace = z.preprocess(withProviders, TraceFields);
export type Trace = z.infer<typeof Trace>;
