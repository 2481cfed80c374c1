import pLimit from 'p-limit';
import {Trace} from '../model/trace.ts';
import {listAll} from '../storage/list-all.ts';
import {isGarbled, readRecord} from '../storage/record.ts';
import type {Storage} from '../storage/storage.ts';

/** Traces that are read at most: enough for medians, and a hundredth of a cent. */
const MOST = 100;
/** Traces that are read at the same time. */
const AT_ONCE = 16;

/**
 * The traces of past jobs that a storage keeps, for 30 days: all, or a hundred of them. Those of other versions that
 * make no sense to this one are left out. Rejects as the storage does.
 */
export async function pastTraces(storage: Storage, signal: AbortSignal): Promise<Trace[]> {
  const listed = await listAll('jobs/', {storage, signal});
  const keys = listed.map(({key}) => key).filter((key) => /\/runs\/\d{4,}\/trace\.json$/.test(key));
  // Evenly spread: they are listed by the names of their jobs, which may say something of what they are.
  const step = Math.max(1, keys.length / MOST);
  const some = Array.from(
    {length: Math.min(MOST, keys.length)},
    (_, index) => keys[Math.floor(index * step)] ?? '',
  );
  const inTurn = pLimit(AT_ONCE);
  // A record of a later version cannot be read, and the estimate can do without it.
  const read = (key: string) =>
    readRecord(key, {storage, signal}).catch((error: unknown) => {
      if (isGarbled(error)) return undefined;
      throw error;
    });
  const records = await Promise.all(some.map((key) => inTurn(() => read(key))));
  return records.flatMap((record) => Trace.safeParse(record).data ?? []);
}
