import {randomUUID} from 'node:crypto';
import type {Dirent, Stats} from 'node:fs';
import {link, open, readdir, rename, rm, rmdir, stat} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {PassThrough, pipeline, Readable} from 'node:stream';
import {pathToFileURL} from 'node:url';
import {RenderError} from '../../base/errors.ts';
import {byKey} from '../key-order.ts';
import {checkRange} from '../range.ts';
import type {ListedObject, Storage} from '../storage.ts';
import {directoryRecords} from './directory-records.ts';
import {ask, codeOf, failureOf, inFolder, TEMPORARY, unlessGone, worded, write} from './files.ts';
import {pruneDirectory} from './prune.ts';

/** Where directory storage lives. */
export interface DirectoryStorageOptions {
  /** The directory; made at the first write if it is not there. */
  root: string;
  /** The text that `bucket` shows; default: the absolute root. */
  bucket?: string;
}

/**
 * Storage in a directory: every key is a file below `root`. Media types are not kept and addresses do not
 * expire. A key that is no plain relative path, or is in the folder of unfinished writes, is `Internal`.
 * A process that is killed while it writes leaves a file in `.tmp`, which nothing reads. At the first write, what is
 * older than `AGES` say is removed.
 */
export function directoryStorage(options: DirectoryStorageOptions): Storage {
  const root = resolve(options.root);
  let pruned: Promise<void> | undefined;
  const prunedOnce = () => {
    pruned ??= pruneDirectory(root);
    return pruned;
  };

  const pathOf = (key: string): string => {
    const names = key.split('/');
    const plain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !/[\\\0]/.test(name));
    if (plain && names[0] !== TEMPORARY) return join(root, ...names);
    throw new RenderError('Internal', `${JSON.stringify(key)} is no key: not a plain path below ${root}`);
  };

  return {
    bucket: options.bucket ?? root,
    records: directoryRecords({root, pathOf, prunedOnce}),

    async put(key, body, {ifAbsent = false, signal} = {}) {
      const target = pathOf(key);
      const temporary = join(root, TEMPORARY, randomUUID());
      const stream = body instanceof Readable ? inHand(body) : undefined;
      const stop = () => void stream?.destroy();
      signal?.addEventListener('abort', stop, {once: true});
      try {
        await prunedOnce();
        signal?.throwIfAborted();
        await write(temporary, stream ?? body);
        signal?.throwIfAborted();
        // A link refuses a taken name in the same step; a rename replaces whole by whole.
        await inFolder(target, () => (ifAbsent ? link : rename)(temporary, target));
        if (ifAbsent) await rm(temporary);
      } catch (thrown) {
        stop();
        // The first error is the one to tell; a leftover that cannot be removed either is never read.
        await rm(temporary, {force: true}).catch(() => undefined);
        // A stream that is not read to its end, because the disk is full, only reports that.
        const source = stream?.errored;
        if (source && source.name !== 'AbortError' && !signal?.aborted) throw source;
        if (failureOf(thrown) === 'EEXIST link')
          throw new RenderError('StorageConflict', `"${key}" is taken already in ${root}`, {cause: thrown});
        throw worded(thrown, {action: 'write', path: target, signal});
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },

    async get(key, {range, signal} = {}) {
      if (range) checkRange(range);
      const what = {action: 'read', path: pathOf(key), signal};
      const handle = await ask(what, () => openFile(what.path));
      if (!handle) throw new RenderError('StorageNotFound', `There is no "${key}" in ${root}`);
      // A stream counts its last byte in.
      const {start, end = Number.POSITIVE_INFINITY} = range ?? {start: 0};
      const stream = handle.createReadStream({start, end: end - 1});
      const abort = () => void stream.destroy(worded(signal?.reason, what));
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, {once: true});
      return stream.once('close', () => signal?.removeEventListener('abort', abort));
    },

    async head(key, {signal} = {}) {
      const path = pathOf(key);
      const found = await ask({action: 'look at', path, signal}, () => fileAt(path));
      return found && {key, bytes: found.size};
    },

    async *list(prefix, {after = '', signal} = {}) {
      // Only the folder the prefix ends in is walked.
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const path = folder === '' ? root : pathOf(folder.slice(0, -1));
      try {
        signal?.throwIfAborted();
        for await (const object of walk(path, folder)) {
          signal?.throwIfAborted();
          if (object.key.startsWith(prefix) && byKey(object.key, after) > 0) yield object;
        }
      } catch (thrown) {
        throw worded(thrown, {action: 'list', path, signal});
      }
    },

    async delete(keys, {signal} = {}) {
      for (const path of keys.map(pathOf)) {
        await ask({action: 'delete', path, signal}, () => unlessGone(rm(path)));
        await prune(dirname(path), root);
      }
    },

    async url(key, {signal} = {}) {
      const path = pathOf(key);
      return await ask({action: 'naming', path, signal}, async () => pathToFileURL(path).href);
    },
  };
}

/**
 * A stream that ends at once when it is destroyed, even if `body` is stuck. It also holds the error of a
 * `body` that fails while its file is being opened, before it is read.
 */
const inHand = (body: Readable): Readable => pipeline(body, new PassThrough(), () => undefined);

/** Opens a file to read; a folder is no object. */
async function openFile(path: string) {
  const handle = await unlessGone(open(path, 'r'));
  if (!handle || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

async function fileAt(path: string): Promise<Stats | undefined> {
  const found = await unlessGone(stat(path));
  return found?.isFile() ? found : undefined;
}

/** The files below a folder, in the order of their keys. Memory holds the names of the folders on the way. */
async function* walk(path: string, prefix: string): AsyncGenerator<ListedObject> {
  const entries = (await unlessGone(readdir(path, {withFileTypes: true}))) ?? [];
  // "a-b" comes before "a/b", and that before "a0".
  const nameOf = (entry: Dirent) => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  for (const entry of entries.sort((a, b) => byKey(nameOf(a), nameOf(b)))) {
    const key = prefix + entry.name;
    const below = join(path, entry.name);
    if (entry.isDirectory() && key !== TEMPORARY) yield* walk(below, `${key}/`);
    const found = await fileAt(below);
    if (found) yield {key, bytes: found.size, modified: found.mtime};
  }
}

/** Removes folders that are empty, from `folder` up. One in use, or not ours to remove, stays with its parents. */
async function prune(folder: string, root: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    const failed = await rmdir(at).catch(codeOf);
    if (failed && failed !== 'ENOENT') return;
  }
}
