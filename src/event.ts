import {z} from 'zod';
import {CONTENT} from './keys.ts';
import {QUALITIES} from './quality.ts';

/** The most workers one job may have. */
export const MAX_WORKERS = 1000;

/** What a `jobId` looks like. */
export const JOB_ID = /^(?!\.)[A-Za-z0-9._-]{1,128}$/;
/** What Lambda's name of an invocation looks like. */
export const INVOCATION = /^[\w-]{1,64}$/;

const jobId = z.string().regex(JOB_ID);
const variables = z
  .record(z.string(), z.json())
  .default({})
  .describe('Handed to the project as its variables.');
const variablesStored = z
  .boolean()
  .default(false)
  .describe('Whether the variables are in storage, because they are too large for an event.');
const frameHashes = z.boolean().default(false).describe('Also store a hash of the pixels of every frame.');
const quality = z.enum(QUALITIES).default('cheapest').describe('How the picture is compressed.');
const count = z.int().min(1).max(MAX_WORKERS);

/** Variables are in the event or in storage, not in both. */
const inOnePlace = (event: {variables: object; variablesStored: boolean}): boolean =>
  !event.variablesStored || Object.keys(event.variables).length === 0;

/** Render a whole film. */
export const FullRender = z
  .strictObject({
    jobType: z.literal('fullRender'),
    jobId: jobId.optional().describe('Names the job and the finished file; chosen if left out.'),
    numWorkers: count.optional().describe('How many chunks; chosen from the length if left out.'),
    variables,
    variablesStored,
    frameHashes,
    quality,
    silentTrack: z
      .boolean()
      .default(true)
      .describe('Whether a film in which nothing sounds has a sound track, a silent one.'),
  })
  .refine(inOnePlace, {path: ['variablesStored']});

/** Render one chunk. Without `chunk`, the worker asks the project itself and cuts as the orchestrator would. */
export const PartialRender = z
  .strictObject({
    jobType: z.literal('partialRender'),
    jobId,
    workerId: z
      .int()
      .min(0)
      .max(MAX_WORKERS - 1),
    numWorkers: count,
    variables,
    variablesStored,
    frameHashes,
    quality,
    chunk: z
      .strictObject({
        start: z.int().min(0),
        end: z.int().min(1),
        content: z.string().regex(CONTENT),
        /** The run of the job that wants it, whose word to stop the worker heeds. */
        run: z.int().min(1),
      })
      .refine(({start, end}) => start < end)
      .optional(),
    attempt: z.int().min(1).default(1).describe('Which try at the chunk this is.'),
  })
  .refine(inOnePlace, {path: ['variablesStored']})
  .refine(({workerId, numWorkers}) => workerId < numWorkers, {path: ['workerId']});

/** Stop a job for good. */
export const CancelJob = z.strictObject({
  jobType: z.literal('cancel'),
  jobId: jobId.describe('The job to stop.'),
});

/** What a job was asked for, or is to be, without its name. */
const {jobType: _, jobId: __, ...asked} = FullRender.shape;
const JobRequest = z.strictObject(asked).refine(inOnePlace, {path: ['variablesStored']});
export type JobRequest = z.infer<typeof JobRequest>;

/** Ask how far a job is. */
export const StatusJob = z.strictObject({
  jobType: z.literal('status'),
  jobId: jobId.describe('The job to ask for.'),
  invocation: z
    .string()
    .regex(INVOCATION)
    .optional()
    .describe("Lambda's name of an invocation of the job: what it failed with counts for the job."),
  request: JobRequest.optional().describe(
    'What the job is to have been asked for; another one is a JobConflict.',
  ),
});

/** Try out whatever the function needs. */
const CheckFunction = z.strictObject({jobType: z.literal('check')});

/** Every event. */
export const RenderEvent = z.discriminatedUnion('jobType', [
  FullRender,
  PartialRender,
  CancelJob,
  StatusJob,
  CheckFunction,
]);

export type FullRender = z.infer<typeof FullRender>;
export type PartialRender = z.infer<typeof PartialRender>;
export type CancelJob = z.infer<typeof CancelJob>;
export type StatusJob = z.infer<typeof StatusJob>;
export type RenderEvent = z.infer<typeof RenderEvent>;

/** What a worker answers: its chunk is in storage, and its record beside it. */
export const PartialResult = z.object({
  jobId: z.string(),
  workerId: z.int(),
  /** First frame. */
  start: z.int(),
  /** One past the last frame. */
  end: z.int(),
  /** Frames encoded: `end - start`. */
  frames: z.int(),
  key: z.string(),
  bytes: z.int(),
  /** Whether somebody else had drawn it already. */
  reused: z.boolean(),
  /** Seconds from the worker's first line to the stored chunk. */
  seconds: z.number(),
});
export type PartialResult = z.infer<typeof PartialResult>;

/** What a finished job says of itself. */
export const FullResult = z.object({
  jobId: z.string(),
  state: z.literal('finished'),
  /** Where the film can be fetched from for an hour. */
  resultUrl: z.string(),
  bucket: z.string(),
  key: z.string(),
  frames: z.int(),
  durationSeconds: z.number(),
  bytes: z.int(),
  /** Where the hashes of all frames are, if they were asked for: a JSON array. */
  hashesKey: z.string().optional(),
  /** Chunks it was drawn in: numWorkers, or fewer if the film has fewer frames. */
  workers: z.int(),
  /** What became of them in the run that finished the job. */
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
  /** Seconds by the wall clock, in all and by phase (rendering includes the sound track made meanwhile). */
  seconds: z.object({
    total: z.number(),
    planning: z.number(),
    rendering: z.number(),
    merging: z.number(),
    publishing: z.number(),
  }),
});
export type FullResult = z.infer<typeof FullResult>;

/** What a job says that goes on in another invocation, or in somebody else's, when this one has to end. */
export interface ContinuedResult {
  jobId: string;
  state: 'continues';
  bucket: string;
  /** Where the film will be. */
  key: string;
  message: string;
}
