import type {Operations} from '../model/bill.ts';
import type {Storage} from '../storage/storage.ts';

/**
 * Begins to count requests to a storage. The returned function gives the count so far; undefined where
 * nothing is charged.
 */
export function operationsOf(storage: Pick<Storage, 'operations'>): () => Operations | undefined {
  const before = storage.operations?.();
  return () => {
    const now = storage.operations?.();
    return now && before && {writes: now.writes - before.writes, reads: now.reads - before.reads};
  };
}
