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

const jobId = z.string().regex(JOB_ID);
const variables = asGiven(z.record(z.string(), z.json()))
  .optional()
  .describe("Take the place of all variables of the project; left out, the project's own stay.");
const variablesStored = z
  .boolean()
  .default(false)
  .describe('Whether the variables are in storage, because they are too large for an event.');
const frameHashes = z.boolean().default(false).describe('Also store a hash of the pixels of every frame.');
const quality = z.enum(QUALITIES).default('cheapest').describe('How the picture is compressed.');
const count = z.int().min(1).max(MAX_WORKERS);

/** Variables are in the event or in storage, not in both. */
const inOnePlace = (event: {variables?: object | undefined; variablesStored: boolean}): boolean =>
  !event.variablesStored || Object.keys(event.variables ?? {}).length === 0;

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
    poster: z
      .number()
      .min(0)
      .optional()
      .describe('Seconds into the film; the picture shown there is stored next to it, as a JPEG.'),
    thumbnails: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        'How many small pictures, evenly spread, are stored next to the film, side by side in one JPEG.',
      ),
    expiresIn: z
      .int()
      .min(1)
      .max(604_800)
      .optional()
      .describe('Seconds for which the returned address is good; an hour if left out.'),
    maxCost: z
      .number()
      .positive()
      .max(HIGHEST_MAX_COST)
      .optional()
      .describe('US dollars that the job may cost on Lambda; as the function is set if left out.'),
    expireAfter: z
      .union([z.literal(1), z.literal(3), z.literal(7), z.literal(30)])
      .optional()
      .describe('Days after which the film is deleted; kept for ever if left out.'),
    output: z
      .strictObject({
        bucket: z.string().regex(BUCKET).optional().describe('Another bucket for the film.'),
        key: z.string().regex(OUTPUT_KEY).optional().describe('Another key for the film.'),
        storageClass: z.enum(STORAGE_CLASSES).optional().describe('How S3 keeps the film.'),
      })
      .optional()
      .describe("Where the film is put, if not under renders/ in the function's bucket."),
    webhook: z
      .strictObject({
        url: z
          .string()
          .regex(/^https?:\/\//)
          .max(2048),
        secret: z.string().min(16).max(256).optional().describe('Signs what is sent.'),
        secretName: z.string().regex(SECRET_NAME).optional().describe('Names a secret of the function.'),
        customData: asGiven(z.json()).optional().describe('Sent along as it is.'),
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
        /** The run of the job that orders the chunk; its stop record cancels this worker. */
        run: z.int().min(1),
        /** Milliseconds between two words of how many frames are drawn, put into storage; none if left out. */
        tellEvery: z.int().min(1).optional(),
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
  force: z.boolean().optional().describe('Whether also a job that nobody has begun is cancelled.'),
});

/** A job's request without its name. */
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
