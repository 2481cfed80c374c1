import {createHash, randomUUID} from 'node:crypto';
import {mkdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {basename, dirname, join, relative, sep} from 'node:path';
import {z} from 'zod';
import {SOURCES} from './compile/sources.ts';
import {ownSettings, type ViteConfigUse} from './compile/vite-config.ts';
import {describePaths, namesIn} from './file-states.ts';
import {isPart} from './files.ts';
import {foldersAbove} from './packages.ts';
import type {Project} from './project.ts';

/** Files that package managers write when they install, beside a project or above it. */
const INSTALLED = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'],
  ...['.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.yarn-integrity'].map(
    (name) => `node_modules/${name}`,
  ),
];

/** Settings of TypeScript in a folder above, which decide how JSX is compiled. A new one may appear. */
const TSCONFIG = 'tsconfig.json';

/** A package's folder in a path: the last one, since packages may be in packages. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

/**
 * Hashes the input of a build that lies outside the project's folder and that is known before the build.
 * These are the installed packages, as their managers list them, and settings of Vite and PostCSS.
 */
export async function surroundings({folder}: Project, use: ViteConfigUse): Promise<unknown[]> {
  const own = ownSettings(folder, use);
  const files = foldersAbove(folder).flatMap((above) =>
    [...INSTALLED, TSCONFIG].map((name) => join(above, name)),
  );
  return [use, own, await describePaths([...files, ...(own?.postcss ? [own.postcss] : [])])];
}

/**
 * The files outside the project that a build of this fingerprint has read. Examples: a sibling or linked
 * package, a package that was changed in place, a text in `output/`. None before the first build, and none
 * where the list is garbled: the project is compiled again then.
 */
export async function readInputs(bundles: string, source: string): Promise<string[]> {
  try {
    return z.array(z.string()).parse(JSON.parse(await readFile(listOf(bundles, source), 'utf8')));
  } catch {
    return [];
  }
}

interface BuildOf {
  bundles: string;
  source: string;
  /** Whether the fingerprint knows a file. */
  isKnown: (path: string) => boolean;
  project: Project;
  publicFolder?: string | false | undefined;
}

/**
 * Keeps the names of the files that a build has read.
 *
 * @param publicFolder where the project's own settings put its static files, which may be anywhere
 * @returns the build's name, as `keyOf` finds it
 */
export async function writeInputs(
  inputs: readonly string[],
  {bundles, source, isKnown, project, publicFolder}: BuildOf,
): Promise<string> {
  const unknown = inputs.filter((path) => !path.startsWith(SOURCES) && !isKnown(path));
  const isWatchedFolder = await Promise.all(unknown.map(isFolder));
  const outside = unknown.filter((_, index) => !isWatchedFolder[index]);
  const manifests = outside.flatMap(
    (path) => PACKAGE.exec(path)?.map((folder) => join(folder, 'package.json')) ?? [],
  );
  const beside = outside.filter(mayHaveSiblings).map((path) => dirname(path));
  const folders = [...beside, ...unknown.filter((_, index) => isWatchedFolder[index])]
    // The fingerprint knows the names in the project's own folder, except those in `output/` and the like.
    .filter(
      (path) => !`${path}${sep}`.startsWith(project.folder + sep) || !isPart(relative(project.folder, path)),
    )
    .map(namesIn);
  const statics = publicFolder ? [publicFolder] : [];
  const files = [...new Set([...outside, ...manifests, ...folders, ...statics])].sort();
  const list = listOf(bundles, source);
  await mkdir(dirname(list), {recursive: true});
  const temporary = `${list}-${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(files));
  await rename(temporary, list);
  return keyOf(source, files);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/**
 * Whether a new file beside this one may be part of the next build. A pattern found this one, such as
 * `content` of Tailwind and `import.meta.glob`, or an import without an extension. Settings are found by
 * their whole names.
 */
const mayHaveSiblings = (path: string): boolean =>
  !/[\\/]node_modules[\\/]/.test(path) && !/^\.|^(?:package|[jt]sconfig.*)\.json$/.test(basename(path));

/** Names a build by its fingerprint and by the state of the other files it has read. */
export async function keyOf(source: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(source);
  hash.update(JSON.stringify(await describePaths(inputs)));
  // A package's next version may have files of the same sizes and times.
  for (const path of inputs.filter((path) => path.endsWith('package.json'))) {
    hash.update(await readFile(path).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 32);
}

const listOf = (bundles: string, source: string): string => join(bundles, `${source}.inputs.json`);
