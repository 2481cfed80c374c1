import {readdir, realpath, stat} from 'node:fs/promises';
import {join, sep} from 'node:path';

/** Folders beside a project's sources that tools fill: results, caches, other tools' builds. */
const LEFT_OUT = new Set([
  ...['node_modules', '.git', 'out', 'output', 'dist', 'coverage'],
  ...['.cache', '.next', '.nuxt', '.turbo', '.vercel', '.vite'],
]);

/** Whether a file is part of a project, by its path in the project's folder: no package, and not made from the project. */
export const isPart = (path: string): boolean =>
  path.split(/[\\/]/).every((name, depth) => takes(name, depth));

const takes = (name: string, depth: number): boolean =>
  name !== 'node_modules' && !(depth === 0 && LEFT_OUT.has(name));

/** Every file that is part of a project, in order of names; links are followed. */
export const projectFiles = (folder: string): Promise<string[]> => filesBelow(folder, {takes});

/** Every file of a folder that is served: links are followed as long as they stay inside. In order of names. */
export async function servedFiles(folder: string): Promise<string[]> {
  const root = await realpath(folder).catch(() => folder);
  const isInside = async (file: string) => (await realpath(file)).startsWith(root + sep);
  const found = await filesBelow(folder, {takes: () => true});
  const inside = await Promise.all(found.map(isInside));
  return found.filter((_, index) => inside[index]);
}

interface Listing {
  /** Whether to look at a name so many folders below. */
  takes: (name: string, depth: number) => boolean;
  above?: readonly string[];
}

/** What is no file is passed over: a link to nowhere, and pipes and devices, which may have no end. */
async function filesBelow(folder: string, {takes, above = []}: Listing): Promise<string[]> {
  const real = await realpath(folder).catch(() => undefined);
  if (!real || above.includes(real)) return [];
  const names = (await readdir(folder)).filter((name) => takes(name, above.length));
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info?.isDirectory()) return filesBelow(path, {takes, above: [...above, real]});
      return info?.isFile() ? [path] : [];
    }),
  );
  return found.flat().sort();
}
