import {createHash} from 'node:crypto';
import {mkdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {dirname, join, relative, sep} from 'node:path';
import {z} from 'zod';
import {SOURCES} from './compile/sources.ts';
import {ownSettings, type ViteConfigUse} from './compile/vite-config.ts';
import {isPart, servedFiles} from './files.ts';
import {foldersAbove} from './packages.ts';
import type {Project} from './project.ts';

/** What package managers write where they install, beside a project or above it. */
const INSTALLED = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'],
  ...['.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.yarn-integrity'].map(
    (name) => `node_modules/${name}`,
  ),
];

/** A package's folder in a path: the last one, since packages may be in packages. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

/**
 * What decides a build from outside of the project's folder and before anything of it is read: installed packages, as
 * far as their managers say, and settings of Vite and PostCSS.
 */
export async function surroundings({folder}: Project, use: ViteConfigUse): Promise<unknown[]> {
  const own = ownSettings(folder, use);
  const files = foldersAbove(folder).flatMap((above) => INSTALLED.map((name) => join(above, name)));
  return [use, own, await states([...files, ...(own?.postcss ? [own.postcss] : [])])];
}

/**
 * The files that a build of this fingerprint has read and that are no part of the project: a sibling package of a
 * workspace, a linked package, one that was changed in place, a text in `output/`. None before the first build.
 */
export async function readInputs(bundles: string, source: string): Promise<string[]> {
  const json = await readFile(listOf(bundles, source), 'utf8').catch(() => '[]');
  return z.array(z.string()).parse(JSON.parse(json));
}

interface BuildOf {
  bundles: string;
  source: string;
  project: Project;
  began: number;
  publicFolder?: string | false | undefined;
}

/**
 * Keeps the names of the files that a build has read.
 *
 * @param began milliseconds since 1970
 * @param publicFolder where the project's own settings put its static files, which may be anywhere
 * @returns the build's name, as `keyOf` finds it. A file that was changed since `began` may not be what was read: then
 * the name is one that is not found, and the project is compiled again the next time.
 */
export async function writeInputs(
  inputs: readonly string[],
  {bundles, source, project, began, publicFolder}: BuildOf,
): Promise<string> {
  const isKnown = (path: string) =>
    path.startsWith(SOURCES) ||
    (path.startsWith(project.folder + sep) && isPart(relative(project.folder, path)));
  const outside = inputs.filter((path) => !isKnown(path));
  const manifests = outside.flatMap(
    (path) => PACKAGE.exec(path)?.map((folder) => join(folder, 'package.json')) ?? [],
  );
  const folders = publicFolder ? [publicFolder] : [];
  const files = [...new Set([...outside, ...manifests, ...folders])].sort();
  const changed = (await states(files)).some((state) => state !== undefined && state[2] >= began);
  const list = listOf(bundles, source);
  await mkdir(dirname(list), {recursive: true});
  await writeFile(`${list}-${process.pid}`, JSON.stringify(files));
  await rename(`${list}-${process.pid}`, list);
  const key = await keyOf(source, files);
  return changed ? `${key}-${began}` : key;
}

/** Names a build by its fingerprint and by the state of the other files it has read. */
export async function keyOf(source: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(source);
  hash.update(JSON.stringify(await states(inputs)));
  // A package's next version may have files of the same sizes and times.
  for (const path of inputs.filter((path) => path.endsWith('package.json'))) {
    hash.update(await readFile(path).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 32);
}

const listOf = (bundles: string, source: string): string => join(bundles, `${source}.inputs.json`);

type State = readonly [path: string, size: number, mtimeMs: number];

/** The state of each file, and of every file that is served from a folder; undefined for what is not there. */
async function states(paths: readonly string[]): Promise<(State | undefined)[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const info = await stat(path).catch(() => undefined);
      if (info?.isDirectory()) return states(await servedFiles(path));
      return [info?.isFile() ? ([path, info.size, info.mtimeMs] as const) : undefined];
    }),
  );
  return found.flat();
}
