import {z} from 'zod';
import {canonicalJson} from '../../base/canonical-json.ts';
import {cancelledMessage, type ErrorPayload, RenderError} from '../../base/errors.ts';
import {persist} from '../../base/persist.ts';
import {type RunRecord, runKey, runNumber, runsPrefix} from '../../model/keys.ts';
import {Progress} from '../../model/progress.ts';
import {FullResult} from '../../model/result.ts';
import {TYPE_CHECKS} from '../../model/type-checks.ts';
import {isConflict} from '../../storage/json.ts';
import {listAll} from '../../storage/list-all.ts';
import {putRecord, readRecord, SCHEMA} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/**
 * The records of a job: a row of runs, each claimed by one orchestrator and ended by exactly one outcome.
 * Claims and outcomes are written only where there is none. If two processes write at the same moment, one
 * wins, and the other knows.
 */
export interface JobRecords {
  storage: Storage;
  jobId: string;
  signal: AbortSignal;
}

/**
 * The identity of a request: each field in a short form, variables as hashes. Equal identities are equal
 * requests.
 */
export type Identity = Readonly<Record<string, string>>;

/** A project of this machine, and what else decides how it is built and drawn here. */
export const LocalProject = z.object({
  /** Its folder or its project file, as an absolute path. */
  project: z.string(),
  typeCheck: z.enum(TYPE_CHECKS).optional(),
  missingFonts: z.enum(['error', 'warn']).optional(),
});
export type LocalProject = z.infer<typeof LocalProject>;

const Claim = z.object({
  /** The form of the record, as it is read: hashes of an earlier one are not as ours. */
  schema: z.int().optional(),
  /** The orchestrator's random name. */
  owner: z.string(),
  /** Left out if a job was cancelled before its first request. */
  identity: z.record(z.string(), z.string()).optional(),
  /** The first of the runs that handed the job over to each other; they share one word to stop. */
  root: z.int(),
  /** Lambda's name of the invocation, the same when Lambda delivers its event again. */
  invocation: z.string().optional(),
  /** How often the job was handed over. */
  handedOver: z.int(),
  /** How many runs in a row before this one fell silent; left out where none did. */
  lost: z.int().optional(),
  /** The request without its secrets; left out if a job was cancelled before its first request. */
  request: z.record(z.string(), z.unknown()).optional(),
  /** The project on this machine; left out elsewhere, and by older versions. */
  local: LocalProject.optional().catch(undefined),
  /**
   * The place of its film; left out if a job was cancelled before its first request, and by older versions.
   */
  film: z
    .object({
      bucket: z.string().optional(),
      key: z.string(),
      chosen: z.boolean(),
      /** Seconds for which its address is good; an hour if left out. */
      expiresIn: z.number().optional(),
    })
    .optional(),
});
export type Claim = z.infer<typeof Claim>;

const Failure: z.ZodType<ErrorPayload> = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});

const Outcome = z.discriminatedUnion('state', [
  z.object({state: z.literal('finished'), owner: z.string(), result: FullResult.omit({resultUrl: true})}),
  z.object({state: z.literal('failed'), owner: z.string(), error: Failure}),
  z.object({
    state: z.literal('handedOver'),
    owner: z.string(),
    /** Chunks that workers still drew, and that the next run need not start at once. */
    inFlight: z.array(z.int()),
    /** The progress with which the next run begins. */
    progress: Progress.optional().catch(undefined),
  }),
  z.object({state: z.literal('cancelled'), owner: z.string()}),
  /** Its owner sent no heartbeat, and another run took over. */
  z.object({state: z.literal('lost'), owner: z.string(), progress: Progress.optional().catch(undefined)}),
]);
export type Outcome = z.infer<typeof Outcome>;

const Beat = z.object({
  /** Which of the run's signs it is, 1 for the first. */
  count: z.int(),
  starved: z.boolean().optional(),
  /** Whether it is the last one. */
  ended: z.boolean().optional(),
  progress: Progress,
});
export type Beat = z.infer<typeof Beat>;

/** One run of a job. */
export interface RunState {
  /** 1 for the first. */
  number: number;
  claim: Claim;
  outcome: Outcome | undefined;
}

/** The job's last run; undefined if there is none. Rejects with `StorageGarbled` if a record of it makes no sense, or is of a later version. */
export async function lastRun(place: JobRecords): Promise<RunState | undefined> {
  const listed = (await listAll(runsPrefix(place.jobId), place)).map(({key}) => runNumber(key) ?? 0);
  let last: RunState | undefined;
  // A listing may be older than what it lists: on from what it knows, key by key.
  for (let number = Math.max(1, ...listed); ; number++) {
    const run = await readRun(place, number);
    if (!run) return last;
    last = run;
  }
}

/** One run by its number; undefined if it has no claim. Rejects with `StorageGarbled` as `lastRun` does. */
export async function readRun(place: JobRecords, number: number): Promise<RunState | undefined> {
  const claim = await readClaim(place, number);
  return claim && {number, claim, outcome: await readOutcome(place, number)};
}

/**
 * The claim of a run; undefined if it has none. Rejects with `StorageGarbled` if the record cannot be read.
 */
export const readClaim = (place: JobRecords, number: number): Promise<Claim | undefined> =>
  readAs(Claim, place, {number, record: 'claim'});

/** How a run ended; undefined if it has not. Rejects with `StorageGarbled` if the record cannot be read. */
export const readOutcome = (place: JobRecords, number: number): Promise<Outcome | undefined> =>
  readAs(Outcome, place, {number, record: 'outcome'});

async function readAs<T>(
  schema: z.ZodType<T>,
  place: JobRecords,
  {number, record}: {number: number; record: RunRecord},
): Promise<T | undefined> {
  const value = await readRunRecord(place, {number, record});
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // If it counted as free, it could be claimed forever; if it counted as ended, that might be wrong.
  throw new RenderError(
    'StorageGarbled',
    `"${runKey(place.jobId, number, record)}" in ${place.storage.bucket} is not a record of this version. Use another jobId, or delete everything under "${runsPrefix(place.jobId)}".`,
  );
}

/** A run's heartbeat; undefined if the record is missing or cannot be read. */
export const toBeat = (record: unknown): Beat | undefined => Beat.safeParse(record).data;

/** A record as it is kept. */
export const readRunRecord = (
  {storage, jobId, signal}: JobRecords,
  {number, record}: {number: number; record: RunRecord},
): Promise<unknown> => readRecord(runKey(jobId, number, record), {storage, signal});

/** Claims a run. Returns false if another process has claimed it. */
export const claimRun = (
  place: JobRecords,
  {number, claim}: {number: number; claim: Claim},
): Promise<boolean> => putOnce(place, {number, record: 'claim', value: claim});

/** Ends a run. Returns false if it has ended otherwise. */
export const endRun = (
  place: JobRecords,
  {number, outcome}: {number: number; outcome: Outcome},
): Promise<boolean> => putOnce(place, {number, record: 'outcome', value: outcome});

async function putOnce(
  place: JobRecords,
  {number, record, value}: {number: number; record: RunRecord; value: {owner: string}},
): Promise<boolean> {
  const {storage, jobId, signal} = place;
  const write = async () => {
    try {
      await putRecord(runKey(jobId, number, record), value, {storage, signal, ifAbsent: true});
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const there = await readRunRecord(place, {number, record});
      // S3 gives the same answer for two writes at the same moment, of which perhaps neither succeeded.
      if (there === undefined)
        throw new RenderError('StorageUnavailable', (error as Error).message, {cause: error});
      // A write whose answer was lost finds its own object when it is repeated.
      return canonicalJson(there) === canonicalJson({...value, schema: SCHEMA});
    }
  };
  return persist(write, {signal});
}

/** The error of a job that was cancelled. */
export const cancelledError = (jobId: string): RenderError =>
  new RenderError('Cancelled', cancelledMessage(jobId));
