import {randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {chmod, readFile, rename, rm, stat} from 'node:fs/promises';
import {join, relative} from 'node:path';
import type {Bundle} from './built.ts';
import {type BundleFacts, publicFolderOf, readFacts, warningsOf, writeFacts} from './bundle-facts.ts';
import {servedFiles} from './files.ts';
import type {Project} from './project.ts';

/** A complete build of the cache: its hash and its facts. */
async function wholeBuild(folder: string): Promise<{hash: string; facts: BundleFacts} | undefined> {
  const hash = await readFile(join(folder, 'hash'), 'utf8').catch(() => '');
  if (!/^[0-9a-f]{64}$/.test(hash) || !existsSync(join(folder, 'index.html'))) return undefined;
  const facts = await readFacts(folder).catch(() => undefined);
  return facts && (await hasFiles(folder, facts)) ? {hash, facts} : undefined;
}

/** Whether each file has its size: a machine that lost its power, or a disk that was full, may leave empty ones. */
async function hasFiles(folder: string, {sizes}: BundleFacts): Promise<boolean> {
  const checks = Object.entries(sizes).map(async ([name, size]) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found?.size === size;
  });
  return (await Promise.all(checks)).every((isWhole) => isWhole);
}

/** The sizes of a build's files, by their paths in it. */
export async function sizesIn(folder: string): Promise<BundleFacts['sizes']> {
  const files = await servedFiles(folder);
  const sizes = files.map(async (file) => [relative(folder, file), (await stat(file)).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

/** Finds a build in the cache; undefined for none, and for one that is garbled. */
export async function keptBundle(project: Project, folder: string): Promise<Bundle | undefined> {
  const build = await wholeBuild(folder);
  if (!build) return undefined;
  const {facts, hash} = build;
  const publicFolder = publicFolderOf(facts, {page: folder, usual: project.publicFolder});
  const {revideo, results} = facts;
  return {
    folder,
    publicFolder,
    projectFolder: project.folder,
    results,
    revideo,
    hash,
    warnings: warningsOf(facts),
  };
}

/**
 * Checks the types of a project whose build is in the cache without a check, and adds the result to the
 * build's facts.
 */
export async function checkLater(project: Project, folder: string): Promise<void> {
  // Whether the build is whole is looked at where it is taken.
  const facts = await readFacts(folder).catch(() => undefined);
  if (facts?.unchecked === undefined) return;
  const {checkTypes} = await import('./type-check.ts');
  const {found, unchecked} = await checkTypes(project, 'warn');
  if (unchecked !== undefined) return;
  const {unchecked: _, ...rest} = facts;
  await writeFacts(folder, {...rest, warnings: [...rest.warnings, ...found]});
}

/** Moves a build to its place in the cache. Another process may have put the same there: either is whole. */
export async function keepBundle(building: string, folder: string): Promise<void> {
  // mkdtemp makes it for its owner alone; an image is built by one user and run by another.
  await chmod(building, 0o755);
  try {
    await rename(building, folder);
  } catch (error) {
    if (await wholeBuild(folder)) return;
    if (!existsSync(folder)) throw error;
    const garbled = `${folder}-${randomUUID()}`;
    await rename(folder, garbled);
    await rename(building, folder);
    await rm(garbled, {recursive: true, force: true});
  }
}
