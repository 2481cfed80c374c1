import {readdir, rm, rmdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {AGES} from './ages.ts';

/** Days after which an unfinished write is one of a process that was killed. */
const UNFINISHED = 1;
const DAY = 24 * 3600 * 1000;

/**
 * Does for a directory what lifecycle rules do for a bucket: removes what is older than it has to be, and folders that
 * are empty then. Whatever cannot be looked at or removed stays.
 *
 * @param root of a directory storage
 * @param unfinished its folder of unfinished writes
 */
export async function pruneDirectory(root: string, {unfinished}: {unfinished: string}): Promise<void> {
  const now = Date.now();
  for (const [prefix, days] of Object.entries(AGES)) await pruneFolder(join(root, prefix), now - days * DAY);
  await pruneFolder(join(root, unfinished), now - UNFINISHED * DAY);
}

async function pruneFolder(folder: string, before: number): Promise<void> {
  const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Known before anything in it is removed. A young folder may be about to be written to.
    const old = await isOlder(path, before);
    if (entry.isDirectory()) await pruneFolder(path, before);
    if (old) await (entry.isDirectory() ? rmdir(path) : rm(path)).catch(() => {});
  }
}

const isOlder = async (path: string, before: number): Promise<boolean> =>
  stat(path).then(
    ({mtimeMs}) => mtimeMs < before,
    () => false,
  );
