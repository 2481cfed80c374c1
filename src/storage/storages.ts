import {type Patience, retryingStorage} from './retrying-storage.ts';
import type {Storage} from './storage.ts';

/** The storage of a job's records, and the opener of other buckets; left out where there are no others. */
export interface Storages {
  storage: Storage;
  storageFor?: ((bucket: string) => Storage) | undefined;
}

/** The same storages, with operations that retry. */
export function retryingStorages({storage, storageFor}: Storages, patience: Patience): Storages {
  return {
    storage: retryingStorage(storage, patience),
    storageFor: storageFor && ((bucket) => retryingStorage(storageFor(bucket), patience)),
  };
}
