import {createReadStream} from 'node:fs';
import type {PutOptions, Storage} from './storage.ts';

/**
 * Puts a file into a storage. A storage that refuses before it reads leaves the stream alone. If its file is
 * then removed while it is being opened, the stream's error would have no listener, and that ends a process.
 *
 * Rejects as `Storage.put` does.
 */
export async function putFile(
  path: string,
  {storage, key, ...options}: PutOptions & {storage: Storage; key: string},
): Promise<void> {
  const put = async () => {
    const body = createReadStream(path);
    body.on('error', () => {});
    try {
      await storage.put(key, body, options);
    } finally {
      body.destroy();
    }
  };
  await (storage.ride ? storage.ride(put, options.signal) : put());
}
