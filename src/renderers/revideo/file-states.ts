import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {sep} from 'node:path';
import {servedFiles} from './files.ts';

/**
 * The state of a file. An edit may keep the size and set the old time of the change; no program can set `ctimeMs`. The
 * inode tells two files apart that a link leads to one after the other.
 */
export type FileState = readonly [path: string, size: number, mtimeMs: number, ctimeMs: number, ino: number];

/** Milliseconds by which a file system's clock may be behind: kernels count in steps of up to 10 ms. */
const CLOCK_STEP = 10;

/** A path that stands for the names in a folder, not for its files. */
export const namesIn = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

/** The state of a file; undefined if the path is missing or is not a file. */
export async function stateOf(path: string): Promise<FileState | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? [path, info.size, info.mtimeMs, info.ctimeMs, info.ino] : undefined;
}

/** The states of files by their paths, without those that are not there. */
export async function statesOf(paths: readonly string[]): Promise<Map<string, FileState>> {
  const found = await Promise.all(paths.map(stateOf));
  return new Map(found.flatMap((state) => (state ? [[state[0], state]] : [])));
}

/**
 * The state of each path: of a file, of every file that is served from a folder, or the names of `namesIn`.
 * It is undefined for a missing path.
 */
export async function describePaths(paths: readonly string[]): Promise<(FileState | string[] | undefined)[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (path.endsWith(sep)) {
        const names = await readdir(path).catch(() => []);
        // Hidden files are those of editors and tools, which come and go.
        return [names.filter((name) => !name.startsWith('.')).sort()];
      }
      const state = await stateOf(path);
      return state ? [state] : describeFolder(path);
    }),
  );
  return found.flat();
}

async function describeFolder(path: string): Promise<(FileState | undefined)[]> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ? Promise.all((await servedFiles(path)).map(stateOf)) : [undefined];
}

/**
 * Those of some files that may have changed since they were read.
 *
 * @param before states from before they were read; a file without one has changed if it was written since `began`
 * @param began milliseconds since 1970
 */
export async function changedSince(
  paths: readonly string[],
  {before, began}: {before: ReadonlyMap<string, FileState>; began: number},
): Promise<string[]> {
  const now = await Promise.all(paths.map(stateOf));
  return paths.filter((path, index) => {
    const [then, state] = [before.get(path), now[index]];
    if (then) return state?.join() !== then.join();
    return state !== undefined && Math.max(state[2], state[3]) >= began - CLOCK_STEP;
  });
}

/** Hashes of the contents of files, by their paths; of a file that cannot be read, of nothing. */
export async function contentsOf(paths: readonly string[]): Promise<Map<string, string>> {
  const hashes = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      const hash = createHash('sha256');
      try {
        for await (const bytes of createReadStream(path)) hash.update(bytes);
      } catch {
        return [path, ''];
      }
      return [path, hash.digest('hex')];
    }),
  );
  return new Map(hashes);
}
