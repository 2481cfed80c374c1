import type {Operations} from '../model/bill.ts';
import type {Storage} from '../storage/storage.ts';

/** Begins to count what is asked of a storage. What is returned tells how much it is up to now; undefined where nothing is charged. */
export function operationsOf(storage: Pick<Storage, 'operations'>): () => Operations | undefined {
  const before = storage.operations?.();
  return () => {
    const now = storage.operations?.();
    return now && before && {writes: now.writes - before.writes, reads: now.reads - before.reads};
  };
}
