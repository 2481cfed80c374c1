import {z} from 'zod';

/** How a chunk is: `retrying` waits for another try, `reused` was there before. */
export const ChunkState = z.enum([
  'waiting',
  'starting',
  'drawing',
  'uploading',
  'retrying',
  'done',
  'reused',
]);
export type ChunkState = z.infer<typeof ChunkState>;

/** How far a run is. */
export const Progress = z.object({
  phase: z.enum(['planning', 'rendering', 'merging', 'publishing', 'done', 'failed', 'cancelled']),
  /** Frames of the film; 0 until the project has said how many. */
  frames: z.int().min(0),
  /** Frames that are drawn, those of chunks that are still being drawn included. */
  framesDrawn: z.int().min(0),
  /** Chunks of the film; 0 until it is planned. */
  chunks: z.int().min(0),
  chunksDone: z.int().min(0),
  /** Each chunk in order; empty until the film is planned. */
  cells: z.array(
    z.object({
      state: ChunkState,
      frames: z.int().min(0),
      framesDrawn: z.int().min(0),
      attempts: z.int().min(0),
    }),
  ),
  /** Bytes of the stored chunks. */
  bytes: z.int().min(0),
  /** Since the job was begun, by whichever run. */
  elapsedSeconds: z.number().min(0),
  /** An estimate; left out while there is none. */
  secondsLeft: z.number().min(0).optional(),
  /** US dollars so far, of all runs; left out where nothing is billed. */
  cost: z.number().min(0).optional(),
  /** The last of what went wrong, retried or not. */
  errors: z.array(
    z.object({
      /** Index of the chunk; left out for an event that belongs to no chunk. */
      chunk: z.int().min(0).optional(),
      attempt: z.int().min(1).optional(),
      errorType: z.string(),
      errorMessage: z.string(),
    }),
  ),
});
export type Progress = z.infer<typeof Progress>;

/** A job's progress as the bucket has it. */
export const ProgressFile = Progress.extend({
  jobId: z.string(),
  /** Which run of the job says so, 1 for the first. */
  run: z.int().min(1),
  /** When, ISO 8601. */
  updated: z.string(),
});
export type ProgressFile = z.infer<typeof ProgressFile>;

/** The progress of a job that has not started. */
export const NOTHING_DRAWN: Progress = {
  phase: 'planning',
  frames: 0,
  framesDrawn: 0,
  chunks: 0,
  chunksDone: 0,
  cells: [],
  bytes: 0,
  elapsedSeconds: 0,
  errors: [],
};
