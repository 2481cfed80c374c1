import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {type ChunkName, chunkRecordKey, failureKey, runKey} from '../../model/keys.ts';
import {readRecord, type StoredRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';
import {WANTED_POLL} from '../timing.ts';
import {findChunk} from './chunk-store.ts';

/** The chunk that a worker draws, and the storage of its records. */
interface LookOptions {
  storage: Storage;
  jobId: string;
  /** `run` is left out if no run of a job ordered the chunk. */
  chunk: ChunkName & {run?: number};
  signal: AbortSignal;
}

/** Another attempt has rendered the chunk. */
export class DrawnElsewhere extends RenderError {
  constructor() {
    super('Aborted', 'Another worker has drawn this chunk.');
  }
}

/**
 * Returns a signal that fires when nothing needs the worker's chunk any longer. A Lambda function cannot be stopped from
 * outside, so the worker itself checks every two seconds. It looks for its job's stop record, for the chunk of another
 * attempt, and for a record that no attempt can render the chunk. The checks end when `signal` fires.
 */
export function whenUnwanted({storage, jobId, chunk, signal}: LookOptions): AbortSignal {
  const found = new AbortController();
  const {run} = chunk;
  const look = async () => {
    // A record that cannot be read must be replaced by ours.
    const isThere = await storage.head(chunkRecordKey(chunk), {signal});
    if (isThere && (await findChunk(chunk, {storage, signal}))) return new DrawnElsewhere();
    if (run === undefined) return undefined;
    if (await storage.head(runKey(jobId, run, 'stop'), {signal}))
      return new RenderError('Aborted', 'The job of this chunk was stopped.');
    const key = failureKey(jobId, {...chunk, run});
    const failure = (await storage.head(key, {signal})) && (await readRecord(key, {storage, signal}));
    return failure ? fromPayload(failure as StoredRecord & ErrorPayload) : undefined;
  };
  const watch = async () => {
    while (!signal.aborted) {
      await pause(WANTED_POLL, signal);
      // A failed check is repeated after the pause.
      const reason = await look().catch(() => undefined);
      if (signal.aborted) return;
      if (reason) return found.abort(reason);
    }
  };
  // Only its pauses reject, when `signal` fires.
  watch().catch(() => {});
  return found.signal;
}
