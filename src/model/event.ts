import {z} from 'zod';
import {CONTENT} from './keys.ts';
import {HIGHEST_MAX_COST} from './max-cost.ts';
import {QUALITIES} from './quality.ts';
import {segmentRanges} from './segments.ts';
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

/** Values of JSON. A sender may have values of any type: JSON is made of them on the way. */
type Json = z.output<ReturnType<typeof z.json>>;
const json: z.ZodType<Json, unknown> = asGiven(z.json());
const jsonObject: z.ZodType<Record<string, Json>, Record<string, unknown>> = asGiven(
  z.record(z.string(), z.json()),
);

const jobId = z.string().regex(JOB_ID).describe('Names the job.');
const variables = jsonObject.optional().describe("Values that replace all of the project's own variables.");
const variablesStored = z
  .boolean()
  .default(false)
  .describe('The variables are in storage, because an event cannot hold them.');
const frameHashes = z.boolean().default(false).describe("Also store a hash of every frame's pixels.");
const quality = z.enum(QUALITIES).default('cheapest').describe('How the picture is compressed.');
const count = z.int().min(1).max(MAX_WORKERS);

/** Variables are in the event or in storage, not in both. */
const inOnePlace = (event: {variables?: object | undefined; variablesStored: boolean}): boolean =>
  !event.variablesStored || Object.keys(event.variables ?? {}).length === 0;

/** Render a whole film. */
export const FullRender = z
  .strictObject({
    jobType: z.literal('fullRender'),
    /** Names the job and its film: 1 to 128 of A-Z a-z 0-9 . _ -, no dot first. By default the invocation's id, or random. */
    jobId: jobId.optional().describe('Names the job and its film.'),
    /** How many chunks, 1 to 1000; by default the film's length and quality decide. */
    numWorkers: count.optional().describe('Number of chunks, at most one a segment of the film.'),
    /**
     * The values of `useScene().variables` in the project, in place of all its own. If left out, the project
     * keeps its own.
     */
    variables,
    /** Whether the variables are in the bucket, because they are too large for an event. */
    variablesStored,
    /** Also store a SHA-256 of every frame's pixels. */
    frameHashes,
    /** `cheapest` by default. */
    quality,
    /** Whether a film without sound has a silent sound track; true by default. */
    silentTrack: z.boolean().default(true).describe('A film without sounds gets a silent sound track.'),
    /** Seconds into the film; the picture shown there is stored next to it. */
    poster: z.number().min(0).optional().describe('Second of the film whose frame is stored as a JPEG.'),
    /** How many small pictures, 1 to 100, are stored next to the film, side by side in one file. */
    thumbnails: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Number of small pictures, stored side by side in one JPEG.'),
    /** Seconds for which the returned address is valid, 1 to 604,800; an hour by default. */
    expiresIn: z.int().min(1).max(604_800).optional().describe('Seconds for which returned addresses work.'),
    /**
     * US dollars that the job may cost on Lambda, above 0, at most 10,000. The default is the function's
     * setting, which is 5 unless changed. A job that reaches the limit stops with `MaxCostReached`; if it is
     * sent again with a higher one, it continues with its chunks.
     */
    maxCost: z
      .number()
      .positive()
      .max(HIGHEST_MAX_COST)
      .optional()
      .describe('Cost limit of the job on Lambda, in US dollars.'),
    /** Days after which the film is deleted; by default it is kept forever. */
    expireAfter: z
      .union([z.literal(1), z.literal(3), z.literal(7), z.literal(30)])
      .optional()
      .describe('Days after which the film is deleted.'),
    /** Where the film is put, if not under `renders/` in the function's bucket. */
    output: z
      .strictObject({
        bucket: z.string().regex(BUCKET).optional().describe('Bucket of the film.'),
        key: z.string().regex(OUTPUT_KEY).optional().describe('Key of the film.'),
        storageClass: z.enum(STORAGE_CLASSES).optional().describe('Storage class of the film.'),
      })
      .optional()
      .describe('Where the film is stored.'),
    /**
     * Receives progress and the end of the job. The function signs each message with its secret
     * `REVIDEO_WEBHOOK_SECRET_<secretName>`, or with `secret`, 16 to 256 characters, which Lambda may keep for
     * 14 days.
     */
    webhook: z
      .strictObject({
        url: z
          .string()
          .regex(/^https?:\/\//)
          .max(2048),
        secret: z.string().min(16).max(256).optional().describe('Secret that signs each message.'),
        secretName: z.string().regex(SECRET_NAME).optional().describe('Name of a secret of the function.'),
        customData: json.optional().describe('Value that each message repeats.'),
      })
      .refine(({secret, secretName}) => secret === undefined || secretName === undefined, {
        path: ['secretName'],
      })
      .optional()
      .describe('Receives progress and the end of the job.'),
  })
  .refine(inOnePlace, {path: ['variablesStored']});

/** Whether the frames to draw begin and end on borders of segments. */
function isWholeSegments({
  start,
  segments = [],
  draw,
}: {
  start: number;
  segments?: number[] | undefined;
  draw?: {start: number; end: number} | undefined;
}): boolean {
  if (!draw) return true;
  const borders = new Set(segmentRanges(segments, start).flatMap((one) => [one.start, one.end]));
  return draw.start < draw.end && borders.has(draw.start) && borders.has(draw.end);
}

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
        /** Frames of each segment, in order. An orchestrator of an earlier version does not send them. */
        segments: z.array(z.int().min(1)).min(1).optional(),
        /** The frames to draw, whole segments: the others are stored. All of the chunk, if left out. */
        draw: z.strictObject({start: z.int().min(0), end: z.int().min(1)}).optional(),
        /** Names this order, for the record that makes its worker stop early. */
        ticket: z
          .string()
          .regex(/^[0-9a-f]{8}$/)
          .optional(),
        content: z.string().regex(CONTENT),
        /** The run of the job that orders the chunk; its stop record cancels this worker. */
        run: z.int().min(1),
        /** Milliseconds between two reports of the drawn frames, which the worker puts into storage; left out: no reports. */
        tellEvery: z.int().min(1).optional(),
        /** Milliseconds between two uploads of finished segments; at the end alone if left out. */
        storeEvery: z.int().min(1).optional(),
      })
      .refine(({start, end}) => start < end)
      .refine(
        ({start, end, segments}) =>
          !segments || segments.reduce((sum, frames) => sum + frames, start) === end,
        {path: ['segments']},
      )
      .refine(isWholeSegments, {path: ['draw']})
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

/** Test everything that the function needs. */
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
