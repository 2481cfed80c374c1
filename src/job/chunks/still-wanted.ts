import {z} from 'zod';
import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {type ChunkName, failureKey, runKey, untilKey} from '../../model/keys.ts';
import {putRecord, readRecord, type StoredRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';
import {WANTED_POLL} from '../timing.ts';
import type {Range} from './cover.ts';

/** The records that a worker checks while it draws. */
interface LookOptions {
  storage: Storage;
  jobId: string;
  /** `run` is left out where no run of a job has asked for it. */
  chunk: ChunkName & {run?: number; ticket?: string | undefined};
  /** The frames that the worker has been asked for. */
  draw: Range;
  signal: AbortSignal;
}

/** Other attempts have rendered everything that this one was asked for. */
export class DrawnElsewhere extends RenderError {
  constructor() {
    super('Aborted', 'Other workers have drawn this chunk.');
  }
}

/** The form of the record of a worker's earlier end. */
const Until = z.object({end: z.int().min(0)});

/** Whether a worker's frames are still wanted. */
export interface Wanted {
  /** Fires when nothing of them is. */
  signal: AbortSignal;
  /** The frame before which the worker may stop: later ones were given to others. */
  until(): number;
}

/**
 * A Lambda function cannot be stopped from outside. So the worker itself checks now and then, for the first
 * time after two seconds. It looks for its job's stop record, for an earlier end of its order, and for
 * a record that the chunk is impossible. Its signal fires then, until `signal` ends the looking.
 */
export function stillWanted({storage, jobId, chunk, draw, signal}: LookOptions): Wanted {
  const {run, ticket} = chunk;
  const found = new AbortController();
  let {end} = draw;
  if (run === undefined) return {signal: found.signal, until: () => end};
  const readIfThere = async (key: string) =>
    (await storage.head(key, {signal})) && (await readRecord(key, {storage, signal}));
  const look = async () => {
    if (await storage.head(runKey(jobId, run, 'stop'), {signal}))
      return new RenderError('Aborted', 'The job of this chunk was stopped.');
    const until = Until.safeParse(ticket && (await readIfThere(untilKey(jobId, {run, ticket}))));
    if (until.success) end = Math.min(end, until.data.end);
    if (end <= draw.start) return new DrawnElsewhere();
    const failure = await readIfThere(failureKey(jobId, {...chunk, run}));
    return failure ? fromPayload(failure as StoredRecord & ErrorPayload) : undefined;
  };
  const watch = async () => {
    while (!signal.aborted) {
      await pause(WANTED_POLL, signal);
      // A look that fails is made up for by the next one.
      const reason = await look().catch(() => undefined);
      if (signal.aborted) return;
      if (reason) return found.abort(reason);
    }
  };
  // Its pauses reject when `signal` fires; looks that fail do not get here.
  watch().catch(() => {});
  return {signal: found.signal, until: () => end};
}

/** Tells the worker of an order to stop before a frame. Rejects as the storage does. */
export const stopBefore = (
  end: number,
  {jobId, run, ticket}: {jobId: string; run: number; ticket: string},
  {storage, signal}: {storage: Storage; signal: AbortSignal},
): Promise<void> => putRecord(untilKey(jobId, {run, ticket}), {end}, {storage, signal});
