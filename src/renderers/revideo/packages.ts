import {existsSync, readFileSync, realpathSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, relative} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {REVIDEO_VERSION} from '../../base/version.ts';

/** Revideo's packages that a film is made of. */
export type PackageName = '@revideo/core' | '@revideo/2d';

/** Where each of them is, with links followed. */
export type Packages = Record<PackageName, string>;

const CORE = '@revideo/core';
const TWO_D = '@revideo/2d';

/** The first version with `makeProject({settings})` and named scenes, which our page is written for. */
const OLDEST = [0, 10] as const;
/** Versions that have rendered a film here. */
const TRIED: readonly string[] = ['0.10.3', '0.10.4', '0.11.0'];

/** The files that yarn writes instead of `node_modules` (https://yarnpkg.com/features/pnp). */
const PLUG_AND_PLAY = ['.pnp.cjs', '.pnp.js'];

const ours = createRequire(import.meta.url);

/**
 * Finds the Revideo that a project is rendered with: its own, from `node_modules` in its folder or above, or ours if it
 * has none. Links are followed, so the layouts of pnpm, workspaces and linked packages give one copy each.
 *
 * @param folder the project's
 * @throws `ProjectBroken` for a version that does not work, for packages of two versions, for one without the other, and
 * for yarn's Plug'n'Play
 */
export function packagesFor(folder: string): Packages {
  const core = findPackage(folder, CORE);
  const twoD = findPackage(folder, TWO_D) ?? (core && findPackage(core, TWO_D));
  if (!core && !twoD) {
    const loader = abovePlugAndPlay(folder);
    if (loader) throw plugAndPlay(folder, loader);
    return {[CORE]: ourPackage(CORE), [TWO_D]: ourPackage(TWO_D)};
  }
  // pnpm keeps what only a dependency asks for beside that dependency.
  const found = core ?? (twoD && findPackage(twoD, CORE));
  const shown = (path: string) => relative(folder, path) || path;
  if (!found || !twoD) {
    const [there, missing] = found ? [CORE, TWO_D] : [TWO_D, CORE];
    const path = found ?? (twoD as string);
    const version = versionOf(path);
    throw broken(
      `The project in ${folder} has ${there} ${version} (${shown(path)}) but not ${missing}. Run: npm install ${missing}@${version}`,
    );
  }
  const [version, other] = [versionOf(found), versionOf(twoD)];
  if (isTooOld(version) || isTooOld(other)) {
    const [name, path, old] = isTooOld(version) ? [CORE, found, version] : [TWO_D, twoD, other];
    throw broken(
      `The project in ${folder} uses ${name} ${old} (${shown(path)}); revideo-lambda needs ${OLDEST.join('.')}.0 or newer. Run: npm install ${CORE}@${REVIDEO_VERSION} ${TWO_D}@${REVIDEO_VERSION}`,
    );
  }
  if (version !== other) {
    throw broken(
      `The project in ${folder} has two versions of Revideo: ${CORE} ${version} (${shown(found)}) and ${TWO_D} ${other} (${shown(twoD)}); they must be the same. Run: npm install ${CORE}@${version} ${TWO_D}@${version}`,
    );
  }
  return {[CORE]: found, [TWO_D]: twoD};
}

/** The version of Revideo that a project is rendered with, as its package says. */
export const revideoVersion = (packages: Packages): string => versionOf(packages[CORE]);

/**
 * Warns if the project's Revideo is not the one that its `package.json` asks for, or is an untried version;
 * otherwise undefined. An untried version is no error: a patch release rarely changes what our page relies
 * on, and a film that fails says where.
 */
export function versionWarning({folder, packages}: {folder: string; packages: Packages}): string | undefined {
  const version = revideoVersion(packages);
  const asked = findPackage(folder, CORE) ? undefined : askedVersion(join(folder, 'package.json'));
  if (asked !== undefined && !isMet(asked, version)) {
    return `The project's package.json asks for Revideo ${asked}, which is not installed: the film is drawn with Revideo ${version} of revideo-lambda. To use its own, run npm install in the folder of the project.`;
  }
  if (TRIED.includes(version)) return undefined;
  return `The project uses Revideo ${version}, which revideo-lambda has not been tried with. Look at the film, or use one of ${TRIED.join(', ')}.`;
}

/** Finds a package as Node does, without asking its `exports`: in each `node_modules` from `folder` up. */
export function findPackage(folder: string, name: string): string | undefined {
  for (const above of foldersAbove(folder)) {
    const path = join(above, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return realpathSync(path);
  }
  return undefined;
}

/** A folder and those above it, the nearest first; then those above the place that a link to it leads to. */
export function foldersAbove(folder: string): string[] {
  const chain = (path: string): string[] =>
    dirname(path) === path ? [path] : [path, ...chain(dirname(path))];
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return [...new Set([...chain(folder), ...chain(real)])];
}

const ourPackage = (name: PackageName): string => dirname(ours.resolve(`${name}/package.json`));

function versionOf(path: string): string {
  const file = join(path, 'package.json');
  try {
    const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version?: unknown};
    if (typeof version === 'string') return version;
  } catch (cause) {
    throw broken(
      `${file} cannot be read. Remove node_modules and install the project's packages again.`,
      cause,
    );
  }
  throw broken(`${file} names no version. Remove node_modules and install the project's packages again.`);
}

/** The text that a `package.json` has as Revideo's version; undefined if it has none or cannot be read. */
function askedVersion(manifest: string): string | undefined {
  try {
    const {dependencies, devDependencies} = JSON.parse(readFileSync(manifest, 'utf8'));
    const asked: unknown = {...devDependencies, ...dependencies}[CORE];
    return typeof asked === 'string' ? asked.slice(0, 50) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a version is what is asked for: exactly, or by `^` or `~`, which both mean the same minor version below 1.0
 * (https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies). Other words are given the benefit of doubt.
 */
function isMet(asked: string, version: string): boolean {
  const [, range, exact, minor] = /^([~^]?)=?v?((0\.\d{1,9})\.\d[\w.+-]{0,40})$/.exec(asked) ?? [];
  if (exact === undefined) return true;
  return range ? version.startsWith(`${minor}.`) : exact === version;
}

/** A version that is not a number, such as `workspace`, is a custom build: it is not too old. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined) return false;
  return Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
}

/** Yarn's loader, if it stands for the packages of a project that names Revideo among them. */
function abovePlugAndPlay(folder: string): string | undefined {
  return foldersAbove(folder)
    .flatMap((above) => PLUG_AND_PLAY.map((name) => join(above, name)))
    .find((path) => textOf(path).includes(`"${CORE}"`));
}

/** The text of a foreign file; empty if it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const plugAndPlay = (folder: string, loader: string) =>
  broken(
    `The project in ${folder} has its packages in yarn's Plug'n'Play (${loader}), which revideo-lambda does not read. Write "nodeLinker: node-modules" into .yarnrc.yml and run: yarn install`,
  );

const broken = (message: string, cause?: unknown) => new RenderError('ProjectBroken', message, {cause});
