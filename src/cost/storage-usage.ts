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

/** The usage of one write to a storage; undefined where nothing is charged. */
export function oneWrite(storage: Pick<Storage, 'used'>): StorageUsage | undefined {
  const used = storage.used?.();
  return used && {...used, writes: 1, reads: 0};
}
