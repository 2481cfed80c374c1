import {readdir, realpath, stat} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {RenderError} from '../../base/errors.ts';

/** Folders beside a project's sources that tools fill: results, caches, other tools' builds. */
const LEFT_OUT = new Set([
  ...['node_modules', '.git', 'out', 'output', 'dist', 'coverage'],
  ...['.cache', '.next', '.nuxt', '.turbo', '.vercel', '.vite'],
]);

/** Files that a folder may hold: more are no film's, but a home folder or a whole disk. */
const MOST_FILES = 200_000;

/** Whether a file is part of a project, by its path in the project's folder: no package, and not made from the project. */
export const isPart = (path: string): boolean =>
  path.split(/[\\/]/).every((name, depth) => takes(name, depth));

const takes = (name: string, depth: number): boolean =>
  name !== 'node_modules' && !(depth === 0 && LEFT_OUT.has(name));

/**
 * Every file that is part of a project, in order of names. A link to a file is followed. A link to a folder
 * is followed only within the project, because it may lead to a whole disk.
 *
 * @param most files that the folder may hold
 * @throws `ProjectBroken` for a folder that holds more
 */
export async function projectFiles(folder: string, most = MOST_FILES): Promise<string[]> {
  const root = await realpath(folder).catch(() => folder);
  return filesBelow(folder, {takes, root, count: {most, left: most}});
}

/**
 * Every file of a folder that is served: links are followed as long as they stay inside. In order of names.
 *
 * @throws `ProjectBroken` for a folder with more than 200,000 files
 */
export async function servedFiles(folder: string): Promise<string[]> {
  const root = await realpath(folder).catch(() => folder);
  const found = await filesBelow(folder, {
    takes: () => true,
    root,
    count: {most: MOST_FILES, left: MOST_FILES},
  });
  return onlyInside(found, root);
}

/** Those files that are inside of a folder, by their real path: what a server of that folder serves. */
export async function onlyInside(files: readonly string[], folder: string): Promise<string[]> {
  const root = await realpath(folder).catch(() => folder);
  const inside = await Promise.all(
    files.map(async (file) => {
      // A file that has vanished since it was listed is nowhere.
      const real = await realpath(file).catch(() => undefined);
      return real?.startsWith(root + sep) ?? false;
    }),
  );
  return files.filter((_, index) => inside[index]);
}

interface Listing {
  /** Whether to look at a name this many folders below. */
  takes: (name: string, depth: number) => boolean;
  /** The real path of the first folder: folders elsewhere are not listed. */
  root: string;
  /** Files that may still be found; shared by all folders of a listing. */
  count: {most: number; left: number};
  above?: readonly string[];
}

/**
 * Passes over what is no file: a link to nowhere, and pipes and devices, which may have no end. Passes over a folder
 * that cannot be read, too: neither the compiler nor the page can read it.
 */
async function filesBelow(folder: string, {takes, root, count, above = []}: Listing): Promise<string[]> {
  const real = await realpath(folder).catch(() => undefined);
  if (!real || above.includes(real) || !(real === root || real.startsWith(withEnd(root)))) return [];
  const entries = await readdir(folder).catch(() => []);
  const names = entries.filter((name) => takes(name, above.length));
  count.left -= names.length;
  if (count.left < 0) throw tooMany(root, count.most);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info?.isDirectory()) return filesBelow(path, {takes, root, count, above: [...above, real]});
      return info?.isFile() ? [path] : [];
    }),
  );
  return found.flat().sort();
}

const withEnd = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

const tooMany = (folder: string, most: number): RenderError =>
  new RenderError(
    'ProjectBroken',
    `${folder} holds more than ${most} files, so it is not the folder of a film alone. Put the project into a folder of its own, with a package.json.`,
  );
