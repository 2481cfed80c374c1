import {readdir, rm, rmdir, stat} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';
import {AGES, KEYS} from '../../model/keys.ts';

const DAY = 24 * 3600 * 1000;

/**
 * The files to remove, by folder and name, and after how many days. A write that is unfinished after a day
 * belongs to a process that was killed.
 */
const KINDS: readonly {folder: string; name: RegExp; days: number}[] = [
  ...(Object.keys(AGES) as (keyof typeof AGES)[]).map((prefix) => ({
    folder: prefix.slice(0, -1),
    name: KEYS[prefix],
    days: AGES[prefix],
  })),
  // Longer than any record is kept.
  {folder: '.tmp/records', name: /^\.tmp\/records\/[0-9a-f]{32}\/\d+-\d+\.(next|held)$/, days: 31},
  {folder: '.tmp', name: /^\.tmp\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, days: 1},
];

/**
 * Replaces a bucket's lifecycle rules for a directory: it removes old files, and then empty folders. A file
 * that cannot be read or removed stays.
 *
 * @param root of a directory storage
 */
export async function pruneDirectory(root: string): Promise<void> {
  const now = Date.now();
  for (const {folder, name, days} of KINDS) {
    const isOurs = (path: string) => name.test(relative(root, path).split(sep).join('/'));
    await pruneFolder(join(root, folder), {isOurs, before: now - days * DAY});
  }
}

interface Pruning {
  isOurs: (path: string) => boolean;
  /** Milliseconds since 1970. */
  before: number;
}

/** Returns whether anything was removed. */
async function pruneFolder(folder: string, pruning: Pruning): Promise<boolean> {
  let removed = false;
  for (const entry of await readdir(folder, {withFileTypes: true}).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!(await pruneFolder(path, pruning))) continue;
      removed = true;
      // One that is not empty stays.
      await rmdir(path).catch(() => {});
    } else if (pruning.isOurs(path) && (await isOlder(path, pruning.before))) {
      await rm(path).catch(() => {});
      removed = true;
    }
  }
  return removed;
}

const isOlder = async (path: string, before: number): Promise<boolean> =>
  stat(path).then(
    ({mtimeMs}) => mtimeMs < before,
    () => false,
  );
