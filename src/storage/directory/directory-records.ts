import {randomUUID} from 'node:crypto';
import {link, open, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {sha256Hex} from '../../model/keys.ts';
import {outdated} from '../outdated.ts';
import type {RecordStore, VersionedText} from '../storage.ts';
import {ask, failureOf, inFolder, TEMPORARY, unlessGone, write} from './files.ts';

/** The directory that records live in. */
interface RecordDirectory {
  root: string;
  /** The file of a key. */
  pathOf: (key: string) => string;
  /** Removes what is old; once a process. */
  prunedOnce: () => Promise<void>;
}

/** A version as it is read, and whether it is the file at the key or one that is claimed to follow it. */
type Found = VersionedText & {isClaimed: boolean};

/**
 * Records in a directory, without locks: a process that dies in the middle leaves nothing that others wait for.
 *
 * A version is a file. Its name is its inode and the time it was written, which no other file shares. To replace version v,
 * a writer links a new file to `v.next`, in a folder of the key's own. A link to a taken name fails, so one writer gets
 * through, and that link is the write. Then the writer renames the new file to the key, for all who read objects. Readers
 * of records follow `.next` from the key to the newest version, so it does not matter whether that rename comes late, or
 * never. Readers do not rename: they could bring a deleted record back. `v.held` keeps the inode of v in use, so that no
 * later file gets its name.
 *
 * `pruneDirectory` removes these links after 31 days.
 */
export function directoryRecords({root, pathOf, prunedOnce}: RecordDirectory): RecordStore {
  const linkOf = (key: string, version: string, kind: 'next' | 'held') =>
    join(root, TEMPORARY, 'records', sha256Hex(key).slice(0, 32), `${version}.${kind}`);

  async function newest(key: string): Promise<Found | undefined> {
    const first = await versionAt(pathOf(key));
    if (!first) return undefined;
    for (let found: Found = {...first, isClaimed: false}; ; ) {
      const next = await versionAt(linkOf(key, found.version, 'next'));
      if (!next) return found;
      found = {...next, isClaimed: true};
    }
  }

  /**
   * Puts a version where objects are read. It is written already, so a failure here only leaves `get` with
   * the old version.
   */
  const publish = (key: string, temporary: string): Promise<void> =>
    inFolder(pathOf(key), () => rename(temporary, pathOf(key))).catch(() => undefined);

  /** A new name below `.tmp` for the time of some work. */
  async function withTemporary<T>(work: (path: string) => Promise<T>): Promise<T> {
    const temporary = join(root, TEMPORARY, randomUUID());
    try {
      return await work(temporary);
    } finally {
      await rm(temporary, {force: true});
    }
  }

  async function read(key: string): Promise<VersionedText | undefined> {
    const found = await newest(key);
    if (!found) return undefined;
    return {text: found.text, version: found.version};
  }

  async function replace(key: string, text: string, version: string | undefined): Promise<string> {
    await prunedOnce();
    return await withTemporary(async (temporary) => {
      await write(temporary, text);
      const made = (await versionAt(temporary))?.version ?? '';
      if (version === undefined) {
        await inFolder(pathOf(key), () => link(temporary, pathOf(key)));
        return made;
      }
      const current = await newest(key);
      if (current?.version !== version) throw outdated(key, root);
      if (!current.isClaimed) await hold(key, version);
      const next = linkOf(key, version, 'next');
      await inFolder(next, () => link(temporary, next));
      await publish(key, temporary);
      return made;
    });
  }

  /** Keeps the inode of the version at the key. Rejects with `StorageConflict` if another is there by now. */
  async function hold(key: string, version: string): Promise<void> {
    const held = linkOf(key, version, 'held');
    await inFolder(held, () => link(pathOf(key), held)).catch((thrown) => {
      if (!/^(EEXIST|ENOENT) link$/.test(failureOf(thrown))) throw thrown;
    });
    if ((await versionAt(held))?.version === version) return;
    await rm(held, {force: true});
    throw outdated(key, root);
  }

  return {
    read: (key, {signal} = {}) => ask({action: 'read', path: pathOf(key), signal}, () => read(key)),
    replace: (key, text, {version, signal}) =>
      ask({action: 'write', path: pathOf(key), signal}, async () => {
        try {
          return await replace(key, text, version);
        } catch (thrown) {
          if (failureOf(thrown) === 'EEXIST link') throw outdated(key, root, thrown);
          throw thrown;
        }
      }),
    /** The clock of the file system, which is the server's where the directory is one of a server. */
    now: ({signal} = {}) =>
      ask({action: 'tell the time of', path: root, signal}, () =>
        withTemporary(async (temporary) => {
          await write(temporary, '');
          const handle = await open(temporary);
          try {
            return (await handle.stat()).mtimeMs;
          } finally {
            await handle.close();
          }
        }),
      ),
  };
}

/** The version at a path; undefined if there is no file. */
async function versionAt(path: string): Promise<VersionedText | undefined> {
  const handle = await unlessGone(open(path, 'r'));
  if (!handle) return undefined;
  try {
    const found = await handle.stat({bigint: true});
    const {ino, mtimeNs} = found;
    if (!found.isFile()) return undefined;
    return {text: await handle.readFile('utf8'), version: `${ino}-${mtimeNs}`};
  } finally {
    await handle.close();
  }
}
