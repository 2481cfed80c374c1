import {randomUUID} from 'node:crypto';
import {Readable} from 'node:stream';
import {RenderError, toRenderError} from '../base/errors.ts';
import {pause} from '../base/pause.ts';
import type {ListedObject, ListOptions, RecordStore, Storage} from './storage.ts';

/** Milliseconds for which a job retries while a remote storage is out of reach. */
const JOB_PATIENCE = 60_000;
/** Milliseconds for which a short request (status, list, cancel, check) retries: a user waits for the answer. */
export const ASKING_PATIENCE = 5_000;
/** Milliseconds for which a storage of this machine is retried: it has no outages, only moments. */
const LOCAL_PATIENCE = 3_000;
/** Milliseconds between two tries: the first pause, its growth, the longest. */
const [FIRST, GROWTH, LONGEST] = [500, 1.6, 4_000];

/** How long failed operations are retried. */
export interface Patience {
  /** Milliseconds; `JOB_PATIENCE` if left out. A storage of this machine is retried for 3 s at most. */
  patience?: number | undefined;
  /** Ends the retries of operations that have no signal of their own. */
  signal?: AbortSignal | undefined;
}

/**
 * A storage that retries its operations after refused and reset connections, names that are not found, 500 and 503. Each
 * operation is retried by itself, so that the work around it, which may have cost minutes, is not repeated. A storage that
 * retries already comes back as it is.
 *
 * A stream can be read once: its owner calls `ride`. After the last try, operations reject with a `StorageUnavailable` that
 * is not retryable, so that callers do not wait for the same outage again.
 */
export function retryingStorage(storage: Storage, {patience = JOB_PATIENCE, signal}: Patience = {}): Storage {
  if (storage.ride) return storage;
  const longest = storage.remote ? patience : Math.min(patience, LOCAL_PATIENCE);
  const ride = async <T>(work: () => Promise<T>, own = signal): Promise<T> => {
    // The first try may take minutes by itself: it stores a whole film.
    let failed: number | undefined;
    for (let wait = FIRST; ; wait = Math.min(wait * GROWTH, LONGEST)) {
      try {
        return await work();
      } catch (thrown) {
        const error = toRenderError(thrown);
        const isOver = thrown instanceof LongOutage || own?.aborted;
        if (error.name !== 'StorageUnavailable' || isOver) throw thrown;
        failed ??= performance.now();
        if (performance.now() - failed >= longest) throw new LongOutage(error, longest);
        await pause(Math.min(wait * (0.5 + Math.random() / 2), longest), own);
      }
    }
  };
  const {records} = storage;
  return {
    ...storage,
    ...(records && {records: retryingRecords(records, ride)}),
    ride,
    put: (key, body, options) => {
      const put = () => storage.put(key, body, options);
      return body instanceof Readable ? put() : ride(put, options?.signal);
    },
    get: (key, options) => ride(() => storage.get(key, options), options?.signal),
    head: (key, options) => ride(() => storage.head(key, options), options?.signal),
    list: (prefix, options) => listAgain(prefix, {storage, ride, options}),
    delete: (keys, options) => ride(() => storage.delete(keys, options), options?.signal),
  };
}

function retryingRecords(records: RecordStore, ride: NonNullable<Storage['ride']>): RecordStore {
  return {
    read: (key, options) => ride(() => records.read(key, options), options?.signal),
    replace: (key, text, {write = randomUUID(), ...options}) =>
      // One name for all tries: the second knows what the first has written.
      ride(() => records.replace(key, text, {...options, write}), options.signal),
    now: (options) => ride(() => records.now(options), options?.signal),
  };
}

/** The parts of a listing that retries. */
interface Listing {
  storage: Storage;
  ride: NonNullable<Storage['ride']>;
  options: ListOptions | undefined;
}

/** Lists again from the last key when a page fails: an iterator that has failed gives nothing more. */
async function* listAgain(prefix: string, {storage, ride, options}: Listing): AsyncGenerator<ListedObject> {
  let after = options?.after;
  let listing: AsyncIterator<ListedObject> | undefined;
  const next = async () => {
    listing ??= storage.list(prefix, {...options, after})[Symbol.asyncIterator]();
    try {
      return await listing.next();
    } catch (error) {
      listing = undefined;
      throw error;
    }
  };
  try {
    for (;;) {
      const {done, value} = await ride(next, options?.signal);
      if (done) return;
      after = value.key;
      yield value;
    }
  } finally {
    await listing?.return?.();
  }
}

/** An outage that lasted longer than the retries. Another run of the job may find the storage again. */
class LongOutage extends RenderError {
  override readonly retryable = false;

  constructor(cause: RenderError, patience: number) {
    super('StorageUnavailable', `${cause.message}. It was tried again for ${patience / 1000} s.`, {cause});
  }
}
