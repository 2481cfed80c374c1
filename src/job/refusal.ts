import {z} from 'zod';
import {type RenderError, toPayload} from '../base/errors.ts';
import {within} from '../base/within.ts';
import {INVOCATION, JOB_ID} from '../model/event.ts';
import {refusalKey, refusalsPrefix} from '../model/keys.ts';
import {listAll} from '../storage/list-all.ts';
import {putRecord, readRecord} from '../storage/record.ts';
import type {Storage} from '../storage/storage.ts';

/** Milliseconds for the record: the time limit of the invocation may be near. */
const NOTE_MILLISECONDS = 2_000;

/** Lambda's name of an invocation that failed, and the job that it was for. */
export interface Refusal {
  storage: Storage;
  jobId: string;
  invocation: string;
}

/**
 * Where the refusal of an event is recorded; undefined for an event without a job or an invocation. A job without a name has
 * that of its invocation.
 */
export function refusalOf(
  event: unknown,
  {storage, invocation}: {storage: Storage; invocation: string | undefined},
): Refusal | undefined {
  const {jobType, jobId = invocation} = (event ?? {}) as {jobType?: unknown; jobId?: unknown};
  const isJob = jobType === 'fullRender' && typeof jobId === 'string' && JOB_ID.test(jobId);
  return isJob && invocation !== undefined && INVOCATION.test(invocation)
    ? {storage, jobId, invocation}
    : undefined;
}

/**
 * Records an invocation's failure, so that its caller can ask for it. An asynchronous invocation has no
 * waiting caller. A request that was refused, or failed before it had a run, leaves no other record.
 */
export async function noteRefusal({storage, jobId, invocation}: Refusal, error: RenderError): Promise<void> {
  const {errorType, errorMessage} = toPayload(error);
  const signal = within(NOTE_MILLISECONDS);
  // The invocation fails with this error, whether or not it can be recorded.
  await putRecord(refusalKey(jobId, invocation), {errorType, errorMessage}, {storage, signal}).catch(
    () => {},
  );
}

const Noted = z.object({errorType: z.string(), errorMessage: z.string()});

/** The recorded failure of an invocation; undefined if there is none. */
export const readRefusal = async (
  {storage, jobId, invocation}: Refusal,
  signal: AbortSignal,
): Promise<z.infer<typeof Noted> | undefined> => readNote(refusalKey(jobId, invocation), {storage, signal});

/** The failure of a job's last failed invocation; undefined if no invocation has recorded one. */
export async function lastRefusal(
  {storage, jobId}: Omit<Refusal, 'invocation'>,
  signal: AbortSignal,
): Promise<z.infer<typeof Noted> | undefined> {
  const notes = await listAll(refusalsPrefix(jobId), {storage, signal});
  const [last] = notes.toSorted((a, b) => (b.modified?.getTime() ?? 0) - (a.modified?.getTime() ?? 0));
  return last && readNote(last.key, {storage, signal});
}

const readNote = async (key: string, from: {storage: Storage; signal: AbortSignal}) =>
  Noted.safeParse(await readRecord(key, from)).data;
