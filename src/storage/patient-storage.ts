import {randomUUID} from 'node:crypto';
import {Readable} from 'node:stream';
import {RenderError, toRenderError} from '../base/errors.ts';
import {pause} from '../base/pause.ts';
import type {ListedObject, ListOptions, RecordStore, Storage} from './storage.ts';

/** Milliseconds that an outage of a remote storage is waited for, unless told. */
export const PATIENCE = 60_000;
/** Milliseconds between two tries: the first pause, what it grows by, the longest. */
const [FIRST, GROWTH, LONGEST] = [500, 1.6, 4_000];

/** How long an outage is waited for. */
export interface Patience {
  /** Milliseconds; `PATIENCE` if left out. */
  patience?: number | undefined;
  /** Ends the waiting of operations that have no signal of their own. */
  signal: AbortSignal;
}

/**
 * A remote storage whose operations wait until an outage is over: refused and reset connections, names that are not found,
 * 500, 503. Each operation is tried again by itself, for 60 s in all: the work around it, which may have cost minutes, is
 * not done again. A storage that is not remote comes back as it is.
 *
 * A stream can be read once: its owner calls `ride`. Operations reject with `StorageUnavailable` that is not retryable here,
 * so that their callers do not wait for the same again.
 */
export function patientStorage(storage: Storage, {patience = PATIENCE, signal}: Patience): Storage {
  if (!storage.remote) return storage;
  const ride = async <T>(work: () => Promise<T>, own: AbortSignal = signal): Promise<T> => {
    // The first try may take minutes by itself: a film is stored in one.
    let failed: number | undefined;
    for (let wait = FIRST; ; wait = Math.min(wait * GROWTH, LONGEST)) {
      try {
        return await work();
      } catch (thrown) {
        const error = toRenderError(thrown);
        if (error.name !== 'StorageUnavailable' || own.aborted) throw thrown;
        failed ??= performance.now();
        if (performance.now() - failed >= patience) throw new LongOutage(error, patience);
        await pause(Math.min(wait * (0.5 + Math.random() / 2), patience), own);
      }
    }
  };
  const {records} = storage;
  return {
    ...storage,
    ...(records && {records: patientRecords(records, ride)}),
    ride,
    put: (key, body, options) => {
      const put = () => storage.put(key, body, options);
      return body instanceof Readable ? put() : ride(put, options?.signal);
    },
    get: (key, options) => ride(() => storage.get(key, options), options?.signal),
    head: (key, options) => ride(() => storage.head(key, options), options?.signal),
    list: (prefix, options) => listOn(prefix, {storage, ride, options}),
    delete: (keys, options) => ride(() => storage.delete(keys, options), options?.signal),
  };
}

function patientRecords(records: RecordStore, ride: NonNullable<Storage['ride']>): RecordStore {
  return {
    read: (key, options) => ride(() => records.read(key, options), options?.signal),
    replace: (key, text, {write = randomUUID(), ...options}) =>
      // One name for all tries: the second knows what the first has written.
      ride(() => records.replace(key, text, {...options, write}), options.signal),
    now: (options) => ride(() => records.now(options), options?.signal),
  };
}

/** What a listing that waits for an outage works with. */
interface Listing {
  storage: Storage;
  ride: NonNullable<Storage['ride']>;
  options: ListOptions | undefined;
}

/** Lists on from the last key when a page gets no answer: an iterator that has failed gives nothing more. */
async function* listOn(prefix: string, {storage, ride, options}: Listing): AsyncGenerator<ListedObject> {
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

/** An outage that was waited for in vain. Another run of the job may find the storage again; this one has waited enough. */
class LongOutage extends RenderError {
  override readonly retryable = false;

  constructor(cause: RenderError, patience: number) {
    super('StorageUnavailable', `${cause.message}. It was tried again for ${patience / 1000} s.`, {cause});
  }
}
