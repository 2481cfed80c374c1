import {z} from 'zod';
import {Cost} from './bill.ts';
import {StorageUsage} from './usage.ts';

/** Seconds of a worker. */
export const Spent = z.object({
  /** Start of the browser, where there was none, and of the page, up to the chunk's first frame. */
  opening: z.number().min(0),
  drawing: z.number().min(0),
  /** Waiting for the encoder. */
  encoding: z.number().min(0),
  storing: z.number().min(0),
});
export type Spent = z.infer<typeof Spent>;

/** A worker's answer: its segments are in storage. */
export const PartialResult = z.object({
  jobId: z.string(),
  workerId: z.int(),
  /** First frame that it drew. */
  start: z.int(),
  /** One past the last frame that it drew. */
  end: z.int(),
  /** Frames drawn: `end - start`. */
  frames: z.int(),
  /** Objects that it stored: runs of whole segments, in order. */
  packs: z.array(z.object({key: z.string(), start: z.int(), end: z.int(), bytes: z.int()})),
  /** Bytes of all of them. */
  bytes: z.int(),
  /** Whether another attempt or job had rendered it already. */
  reused: z.boolean(),
  /** Seconds from the worker's first line to the stored chunk. */
  seconds: z.number(),
  /** How the time was spent; left out for a reused chunk. */
  spent: Spent.optional(),
  /** Its requests to the storage; left out where nothing is charged for them. */
  used: StorageUsage.optional(),
  /** Problems that did not stop the chunk; left out where there are none. */
  warnings: z.array(z.string()).optional(),
});
export type PartialResult = z.infer<typeof PartialResult>;

/** The result of a finished job. */
export const FullResult = z.object({
  jobId: z.string(),
  state: z.literal('finished'),
  /** Where the film can be fetched from for `expiresIn` seconds, an hour unless the request says otherwise. */
  resultUrl: z.string(),
  bucket: z.string(),
  key: z.string(),
  frames: z.int(),
  durationSeconds: z.number(),
  bytes: z.int(),
  /** Where the hashes of all frames are, if they were asked for: a JSON array. */
  hashesKey: z.string().optional(),
  /** Chunks it was drawn in: numWorkers, or fewer if the film has fewer segments. */
  workers: z.int(),
  /** Segments of the film, which the chunks consist of; left out by earlier versions. */
  segments: z.int().optional(),
  /** How many of these were stored before the run that finished the job; left out by earlier versions. */
  segmentsReused: z.int().optional(),
  /** The chunks of the run that finished the job, by how it got them. */
  chunks: z.object({
    /** Drawn for this run. */
    rendered: z.int(),
    /** Found in storage. */
    reused: z.int(),
    /** Further tries, after a failure. */
    retried: z.int(),
    /** Second tries beside a first one that took far longer than the others. */
    doubled: z.int(),
  }),
  /** How often the job was handed over to a fresh invocation. */
  handedOver: z.int(),
  /**
   * The renderer with its version, such as `Revideo 0.11.0`; left out by a renderer without one, and by
   * earlier versions.
   */
  drawnWith: z.string().optional(),
  /** Seconds by the wall clock, in all and by phase (rendering includes the sound track made meanwhile). */
  seconds: z.object({
    total: z.number(),
    planning: z.number(),
    rendering: z.number(),
    merging: z.number(),
    publishing: z.number(),
  }),
  /** In US dollars, of all runs; left out where nothing is billed. */
  cost: Cost.optional(),
  /** Where the picture is that `poster` asked for, and an address of it that is good as long as the film's. */
  poster: z.object({key: z.string(), url: z.string().optional()}).optional(),
  /** Where the pictures are that `thumbnails` asked for, side by side from left to right. */
  thumbnails: z
    .object({key: z.string(), url: z.string().optional(), count: z.int(), width: z.int(), height: z.int()})
    .optional(),
  /** Where the report is: a page that shows what the job did. */
  reportKey: z.string().optional(),
  /** Problems that did not stop the render: at most 20, each one line of at most 500 characters. An older function sends none. */
  warnings: z.array(z.string()).default([]),
});
export type FullResult = z.infer<typeof FullResult>;

/** The answer of an invocation that has to end while the job continues in another one. */
export interface ContinuedResult {
  jobId: string;
  state: 'continues';
  bucket: string;
  /** Where the film will be. */
  key: string;
  message: string;
}
