import {z} from 'zod';
import {CONTENT} from './keys.ts';
import {HIGHEST_MAX_COST} from './max-cost.ts';
import {QUALITIES} from './quality.ts';
import {STORAGE_CLASSES} from './storage-classes.ts';

/** The most workers one job may have. */
export const MAX_WORKERS = 1000;

/** The form of a `jobId`. */
export const JOB_ID = /^(?!\.)[A-Za-z0-9._-]{1,128}$/;
/** The form of Lambda's name of an invocation. */
export const INVOCATION = /^[\w-]{1,64}$/;

/** The form of a webhook secret's name: the end of a variable's name. */
const SECRET_NAME = /^[A-Z0-9_]{1,64}$/;

/** The form of a bucket's name (Amazon S3 User Guide, "General purpose bucket naming rules"). */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A key for a film: no empty, `.` or `..` name in it, and nothing that has to be encoded in an address. */
const OUTPUT_KEY = /^(?!.*(^|\/)\.{0,2}(\/|$))[\w./!()*' -]{1,512}$/;

/** Checks without a copy: zod's copies lose a `__proto__` that JSON may well have, at any depth. */
const asGiven = <Schema extends z.ZodType>(schema: Schema) =>
  z.custom<z.output<Schema>>().superRefine((value, {addIssue}) => {
    for (const issue of schema.safeParse(value).error?.issues ?? []) addIssue({...issue});
  });

const jobId = z.string().regex(JOB_ID).describe('Names the job.');
const variables = asGiven(z.record(z.string(), z.json()))
  .optional()
  .describe("Values that replace all of the project's own variables.");
const variablesStored = z
  .boolean()
  .default(false)
  .describe('The variables are in storage, because an event cannot hold them.');
const frameHashes = z.boolean().default(false).describe("Also store a hash of every frame's pixels.");
const quality = z.enum(QUALITIES).default('cheapest').describe('Encoder and size of the picture.');
const count = z.int().min(1).max(MAX_WORKERS);

/** Variables are in the event or in storage, not in both. */
const inOnePlace = (event: {variables?: object | undefined; variablesStored: boolean}): boolean =>
  !event.variablesStored || Object.keys(event.variables ?? {}).length === 0;

/** Render a whole film. */
export const FullRender = z
  .strictObject({
    jobType: z.literal('fullRender'),
    jobId: jobId.optional().describe('Names the job and its film.'),
    numWorkers: count.optional().describe('Number of chunks, at most one a segment of the film.'),
    variables,
    variablesStored,
    frameHashes,
    quality,
    silentTrack: z.boolean().default(true).describe('A film without sounds gets a silent sound track.'),
    poster: z.number().min(0).optional().describe('Second of the film whose frame is stored as a JPEG.'),
    thumbnails: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Number of small pictures, stored side by side in one JPEG.'),
    expiresIn: z.int().min(1).max(604_800).optional().describe('Seconds for which returned addresses work.'),
    maxCost: z
      .number()
      .positive()
      .max(HIGHEST_MAX_COST)
      .optional()
      .describe('Cost limit of the job on Lambda, in US dollars.'),
    expireAfter: z
      .union([z.literal(1), z.literal(3), z.literal(7), z.literal(30)])
      .optional()
      .describe('Days after which the film is deleted.'),
    output: z
      .strictObject({
        bucket: z.string().regex(BUCKET).optional().describe('Bucket of the film.'),
        key: z.string().regex(OUTPUT_KEY).optional().describe('Key of the film.'),
        storageClass: z.enum(STORAGE_CLASSES).optional().describe('Storage class of the film.'),
      })
      .optional()
      .describe('Where the film is stored.'),
    webhook: z
      .strictObject({
        url: z
          .string()
          .regex(/^https?:\/\//)
          .max(2048),
        secret: z.string().min(16).max(256).optional().describe('Secret that signs each message.'),
        secretName: z.string().regex(SECRET_NAME).optional().describe('Name of a secret of the function.'),
        customData: asGiven(z.json()).optional().describe('Value that each message repeats.'),
      })
      .refine(({secret, secretName}) => secret === undefined || secretName === undefined, {
        path: ['secretName'],
      })
      .optional()
      .describe('Receives progress and the end of the job.'),
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
      .max(MAX_WORKERS - 1)
      .describe('Index of the chunk, below `numWorkers`.'),
    numWorkers: count.describe('Number of chunks of the film.'),
    variables,
    variablesStored,
    frameHashes,
    quality,
    chunk: z
      .strictObject({
        start: z.int().min(0),
        end: z.int().min(1),
        /** Frames of each segment, in order. */
        segments: z.array(z.int().min(1)).min(1),
        content: z.string().regex(CONTENT),
        /** The run of the job that orders the chunk; its stop record cancels this worker. */
        run: z.int().min(1),
        /** Milliseconds between two words of how many frames are drawn, put into storage; none if left out. */
        tellEvery: z.int().min(1).optional(),
      })
      .refine(({start, end}) => start < end)
      .refine(({start, end, segments}) => segments.reduce((sum, frames) => sum + frames, start) === end, {
        path: ['segments'],
      })
      .optional(),
    attempt: z.int().min(1).default(1).describe('Number of this attempt at the chunk.'),
  })
  .refine(inOnePlace, {path: ['variablesStored']})
  .refine(({workerId, numWorkers}) => workerId < numWorkers, {path: ['workerId']});

/** Stop a job for good. */
export const CancelJob = z.strictObject({
  jobType: z.literal('cancel'),
  jobId: jobId.describe('The job to cancel.'),
  force: z.boolean().optional().describe('Also cancel a job that has not started.'),
});

/** A job's request without its name. */
const {jobType: _, jobId: __, ...asked} = FullRender.shape;
const JobRequest = z.strictObject(asked).refine(inOnePlace, {path: ['variablesStored']});
export type JobRequest = z.infer<typeof JobRequest>;

/** Ask how far a job is. */
export const StatusJob = z.strictObject({
  jobType: z.literal('status'),
  jobId: jobId.describe('The job to look up.'),
  invocation: z
    .string()
    .regex(INVOCATION)
    .optional()
    .describe("Lambda request id; this invocation's failure counts for the job."),
  request: JobRequest.optional().describe('Expected request; any other one is a `JobConflict`.'),
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
/** A request whose job has its name. */
export type JobOrder = FullRender & {jobId: string};
export type PartialRender = z.infer<typeof PartialRender>;
export type CancelJob = z.infer<typeof CancelJob>;
export type StatusJob = z.infer<typeof StatusJob>;
export type RenderEvent = z.infer<typeof RenderEvent>;
