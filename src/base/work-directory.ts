import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fullDiskError} from './disk.ts';

/**
 * Runs `work` with a directory of its own, under the temporary directory, that is gone afterwards
 * whatever happened.
 *
 * Rejects with what `work` rejects with, or with `DiskFailed` if that is because the disk is full.
 */
export async function withWorkDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const place = tmpdir();
  const full = (error: unknown) => {
    throw fullDiskError(error, place);
  };
  const directory = await mkdtemp(join(place, 'revideo-lambda-')).catch(full);
  try {
    return await work(directory).catch(full);
  } finally {
    await rm(directory, {recursive: true, force: true, maxRetries: 3});
  }
}
