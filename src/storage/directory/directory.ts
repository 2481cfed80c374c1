import {randomUUID} from 'node:crypto';
import type {Stats} from 'node:fs';
import {link, mkdir, open, readdir, rename, rm, rmdir, stat} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {PassThrough, pipeline, Readable} from 'node:stream';
import {pathToFileURL} from 'node:url';
import {RenderError} from '../../base/errors.ts';
import type {ListedObject, Storage} from '../storage.ts';
import {pruneDirectory} from './prune.ts';

/** Unfinished writes live here, on the same file system as the finished ones, so that a rename is atomic. */
const TEMPORARY = '.tmp';
/** How often a folder that is pruned under a write is made again before the write gives up. */
const FOLDER_TRIES = 100;
/** What errors of the file system mean: https://man7.org/linux/man-pages/man3/errno.3.html */
const UNAVAILABLE = /^E(BUSY|DQUOT|IO|MFILE|NFILE|NOENT|NOMEM|NOSPC|STALE|TIMEDOUT)$/;
/** From EXIST on: S3 can hold both "a" and "a/b", a file system cannot. */
const REFUSED = /^E(ACCES|PERM|ROFS|EXIST|ISDIR|NOTDIR|NOTEMPTY|NAMETOOLONG)$/;

interface FileRequest {
  action: string;
  path: string;
  signal?: AbortSignal;
}

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

  const pathOf = (key: string): string => {
    const names = key.split('/');
    const plain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !/[\\\0]/.test(name));
    if (plain && names[0] !== TEMPORARY) return join(root, ...names);
    throw new RenderError('Internal', `${JSON.stringify(key)} is no key: not a plain path below ${root}`);
  };

  return {
    bucket: options.bucket ?? root,

    async put(key, body, {ifAbsent = false, signal} = {}) {
      const target = pathOf(key);
      const temporary = join(root, TEMPORARY, randomUUID());
      const stream = body instanceof Readable ? inHand(body) : undefined;
      const stop = () => void stream?.destroy();
      signal?.addEventListener('abort', stop, {once: true});
      try {
        pruned ??= pruneDirectory(root);
        await pruned;
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

    async get(key, {signal} = {}) {
      const what = {action: 'read', path: pathOf(key), signal};
      const handle = await ask(what, () => openFile(what.path));
      if (!handle) throw new RenderError('StorageNotFound', `There is no "${key}" in ${root}`);
      const stream = handle.createReadStream();
      const abort = () => void stream.destroy(worded(signal?.reason, what));
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, {once: true});
      return stream.once('close', () => signal?.removeEventListener('abort', abort));
    },

    async head(key) {
      const path = pathOf(key);
      const found = await ask({action: 'look at', path}, () => fileAt(path));
      return found && {key, bytes: found.size};
    },

    async list(prefix) {
      // Only the folder the prefix ends in is walked.
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const path = folder === '' ? root : pathOf(folder.slice(0, -1));
      const found: ListedObject[] = [];
      await ask({action: 'list', path}, async () => {
        for await (const object of walk(path, folder)) if (object.key.startsWith(prefix)) found.push(object);
      });
      return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    },

    async delete(keys) {
      for (const path of keys.map(pathOf)) {
        await ask({action: 'delete', path}, () => unlessGone(rm(path)));
        await prune(dirname(path), root);
      }
    },

    async url(key) {
      return pathToFileURL(pathOf(key)).href;
    },
  };
}

/**
 * A stream that ends at once when it is destroyed, even if `body` is stuck. It also holds the error of a
 * `body` that fails while its file is being opened, before it is read.
 */
const inHand = (body: Readable): Readable => pipeline(body, new PassThrough(), () => undefined);

async function write(path: string, body: Readable | Uint8Array | string): Promise<void> {
  const handle = await inFolder(path, () => open(path, 'wx'));
  try {
    if (body instanceof Readable) for await (const chunk of body) await handle.writeFile(chunk);
    else await handle.writeFile(body);
  } finally {
    await handle.close();
  }
}

/** Runs what needs the folder of `path`. A delete may prune the folder in between: then it is made again. */
async function inFolder<T>(path: string, run: () => Promise<T>): Promise<T> {
  for (let left = FOLDER_TRIES; ; left--) {
    try {
      await mkdir(dirname(path), {recursive: true});
      return await run();
    } catch (thrown) {
      // A recursive mkdir says ENOTDIR or EEXIST of a folder that vanishes under it, as of a file in its way.
      if (left === 0 || !/^ENOENT |^(ENOTDIR|EEXIST) mkdir$/.test(failureOf(thrown))) throw thrown;
    }
  }
}

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

async function* walk(path: string, prefix: string): AsyncGenerator<ListedObject> {
  for (const entry of (await unlessGone(readdir(path, {withFileTypes: true}))) ?? []) {
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

/** `undefined` for what is not there: free, below a file, or a folder that was to be removed as a file. */
async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  const gone = /^(ENOENT|ENOTDIR|ERR_FS_EISDIR)$/;
  return await work.catch((thrown) => (gone.test(codeOf(thrown)) ? undefined : Promise.reject(thrown)));
}

const ask = <T>(what: FileRequest, run: () => Promise<T>): Promise<T> =>
  run().catch((thrown) => Promise.reject(worded(thrown, what)));

function worded(thrown: unknown, {action, path, signal}: FileRequest): Error {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (signal?.aborted) return new RenderError('Aborted', `The ${action} of ${path} was aborted`, {cause});
  const words = `Cannot ${action} ${path}: ${cause.message}`;
  if (REFUSED.test(codeOf(thrown))) return new RenderError('StorageRefused', words, {cause});
  if (UNAVAILABLE.test(codeOf(thrown))) return new RenderError('StorageUnavailable', words, {cause});
  return cause;
}

/** Such as "EEXIST link": what failed, and what was called. */
const failureOf = (thrown: unknown): string =>
  `${codeOf(thrown)} ${(thrown as NodeJS.ErrnoException | undefined)?.syscall}`;
const codeOf = (thrown: unknown): string => String((thrown as NodeJS.ErrnoException | undefined)?.code);
