import {expect, it} from 'vitest';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';

type Asked = {signal: AbortSignal};
type Operation = (storage: Storage, key: string, asked: Asked) => Promise<unknown>;

const OPERATIONS: Record<string, Operation> = {
  put: (storage, key, asked) => storage.put(key, 'other', asked),
  get: async (storage, key, asked) => (await storage.get(key, asked)).destroy(),
  head: (storage, key, asked) => storage.head(key, asked),
  list: (storage, key, asked) => listAll(key, {storage, ...asked}),
  delete: (storage, key, asked) => storage.delete([key], asked),
  url: (storage, key, asked) => storage.url(key, asked),
};

/** Callers who go. Part of `storageConformance`, whose `describe` it is called in. */
export function signalConformance(
  fresh: () => Promise<{storage: Storage; folder: string}>,
  read: (storage: Storage, key: string) => Promise<Buffer>,
): void {
  it.each(Object.entries(OPERATIONS))('%s does nothing for a caller who has gone', async (_, operation) => {
    const {storage, folder} = await fresh();
    const key = `${folder}/kept.mp4`;
    await storage.put(key, 'kept');
    const asked = operation(storage, key, {signal: AbortSignal.abort()});
    await expect(asked).rejects.toMatchObject({name: 'Aborted', retryable: false});
    expect((await read(storage, key)).toString()).toBe('kept');
  });

  it.each(Object.entries(OPERATIONS))('%s answers a caller who stays', async (_, operation) => {
    const {storage, folder} = await fresh();
    const key = `${folder}/kept.mp4`;
    await storage.put(key, 'kept');
    await operation(storage, key, {signal: new AbortController().signal});
  });
}
