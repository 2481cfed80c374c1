import {mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';
import {Readable} from 'node:stream';
import {RenderError} from '../../base/errors.ts';

/** Unfinished writes live here, on the same file system as the finished ones, so that a rename is atomic. */
export const TEMPORARY = '.tmp';
/** How often a folder that is pruned under a write is made again before the write gives up. */
const FOLDER_TRIES = 100;
/** The errors of the file system that a retry may mend: https://man7.org/linux/man-pages/man3/errno.3.html */
const UNAVAILABLE = /^E(BUSY|DQUOT|IO|MFILE|NFILE|NOENT|NOMEM|NOSPC|STALE|TIMEDOUT)$/;
/** From EXIST on: S3 can hold both "a" and "a/b", a file system cannot. */
const REFUSED = /^E(ACCES|PERM|ROFS|EXIST|ISDIR|NOTDIR|NOTEMPTY|NAMETOOLONG)$/;

/** The failed request to a file. */
export interface FileRequest {
  action: string;
  path: string;
  signal?: AbortSignal | undefined;
}

/** Writes a new file. Rejects as the file system does. */
export async function write(path: string, body: Readable | Uint8Array | string): Promise<void> {
  const handle = await inFolder(path, () => open(path, 'wx'));
  try {
    if (body instanceof Readable) for await (const chunk of body) await handle.writeFile(chunk);
    else await handle.writeFile(body);
  } finally {
    await handle.close();
  }
}

/** Runs what needs the folder of `path`. A delete may prune the folder in between: then it is made again. */
export async function inFolder<T>(path: string, run: () => Promise<T>): Promise<T> {
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

/** `undefined` for a missing file: a free path, one below a file, or a folder in place of a file. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  const gone = /^(ENOENT|ENOTDIR|ERR_FS_EISDIR)$/;
  return await work.catch((thrown) => (gone.test(codeOf(thrown)) ? undefined : Promise.reject(thrown)));
}

/** Runs what asks the file system, and words what it throws; not at all for a caller who has gone. */
export async function ask<T>(what: FileRequest, run: () => Promise<T>): Promise<T> {
  try {
    what.signal?.throwIfAborted();
    return await run();
  } catch (thrown) {
    throw worded(thrown, what);
  }
}

/** An error of the file system, as one of ours. */
export function worded(thrown: unknown, {action, path, signal}: FileRequest): Error {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (signal?.aborted) return new RenderError('Aborted', `The ${action} of ${path} was aborted`, {cause});
  const words = `Cannot ${action} ${path}: ${cause.message}`;
  if (REFUSED.test(codeOf(thrown))) return new RenderError('StorageRefused', words, {cause});
  if (UNAVAILABLE.test(codeOf(thrown))) return new RenderError('StorageUnavailable', words, {cause});
  return cause;
}

/** Such as "EEXIST link": what failed, and what was called. */
export const failureOf = (thrown: unknown): string =>
  `${codeOf(thrown)} ${(thrown as NodeJS.ErrnoException | undefined)?.syscall}`;
/** Such as "EEXIST". */
export const codeOf = (thrown: unknown): string =>
  String((thrown as NodeJS.ErrnoException | undefined)?.code);
