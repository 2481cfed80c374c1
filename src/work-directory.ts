import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * Runs `work` with a directory of its own, under the temporary directory, that is gone afterwards
 * whatever happened.
 */
export async function withWorkDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'revideo-lambda-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, {recursive: true, force: true, maxRetries: 3});
  }
}
