import type {Operations} from '../model/bill.ts';
import type {StorageUsage} from '../model/usage.ts';
import type {Storage} from '../storage/storage.ts';

/**
 * Begins to count the usage of a storage. The returned function gives the usage so far; undefined where nothing is
 * charged.
 */
export function usageSince(storage: Pick<Storage, 'used'>): () => StorageUsage | undefined {
  const before = storage.used?.();
  return () => {
    const now = storage.used?.();
    return now && before && {...now, writes: now.writes - before.writes, reads: now.reads - before.reads};
  };
}

/** The same as records keep it, without the provider. */
export function operationsOf(storage: Pick<Storage, 'used'>): () => Operations | undefined {
  const since = usageSince(storage);
  return () => {
    const used = since();
    return used && {writes: used.writes, reads: used.reads};
  };
}
