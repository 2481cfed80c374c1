import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {together} from '../../base/together.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {writeInputs} from './build-inputs.ts';
import type {Bundle} from './built.ts';
import {publicFolderOf, writeFacts} from './bundle-facts.ts';
import type {ViteConfigUse} from './compile/vite-config.ts';
import {changedSince, contentsOf, statesOf} from './file-states.ts';
import {type Snapshot, snapshot} from './fingerprint.ts';
import {keepBundle, keptBundle, sizesIn} from './kept-bundle.ts';
import {revideoVersion, versionWarning} from './packages.ts';
import type {Project} from './project.ts';
import {hashBundle, mediaOf} from './project-media.ts';

/** Sources and destination of a build. */
export interface BuildOrder {
  bundles: string;
  typeCheck: TypeCheck;
  viteConfig: ViteConfigUse;
  /** The project before the build. */
  before: Snapshot;
  /** Files outside of the project that the last build has read. */
  known: readonly string[];
  /** Hashes of files that changed during an earlier build; this one adds its own. */
  contents: Map<string, string>;
}

/**
 * Builds a project into the cache.
 *
 * @returns the files that changed meanwhile instead, if any did
 * @throws `ProjectBroken` as `bundleProject` does
 */
export async function buildBundle(project: Project, order: BuildOrder): Promise<Bundle | string[]> {
  const {bundles, typeCheck, viteConfig, before, known, contents} = order;
  const states = new Map([...before.files, ...(await statesOf(known))]);
  const began = Date.now();
  const building = await mkdtemp(join(bundles, `${before.source}-`));
  // Loaded here only: a process that finds the bundle built never pays for the compiler, and the handler's file for
  // Lambda has neither.
  const {runBuild} = await import('./compile/run-build.ts');
  const {checkTypes} = await import('./type-check.ts');
  try {
    const [{inputs, publicFolder}, types] = await together(new AbortController().signal, () => [
      runBuild(project, building, viteConfig),
      checkTypes(project, typeCheck),
    ]);
    const read = await statesOf(inputs);
    const changed = await changedSince(inputs, {before: states, began});
    const now = await contentsOf(changed);
    const moving = changed.filter((path) => contents.get(path) !== now.get(path));
    for (const [path, hash] of now) contents.set(path, hash);
    if (moving.length > 0) return moving;

    const served = publicFolderOf({publicFolder}, {page: building, usual: project.publicFolder});
    const {media, results} = await mediaOf({folder: project.folder, publicFolder: served}, building);
    const built = await hashBundle([building, served], {media, folder: project.folder});
    const untried = versionWarning(project);
    const warnings = untried ? [untried, ...types.found] : types.found;
    // After the hash: facts draw nothing.
    const revideo = revideoVersion(project.packages);
    const sizes = await sizesIn(building);
    await writeFacts(building, {warnings, unchecked: types.unchecked, revideo, publicFolder, results, sizes});
    await writeFile(join(building, 'hash'), built);
    const {source, files} = await settled(changed, before, () => snapshot(project, {typeCheck, viteConfig}));
    const isKnown = (path: string) => files.has(path);
    const key = await writeInputs(inputs, {bundles, source, isKnown, project, publicFolder});
    // Media are hashed meanwhile. The key has the state of a file outside as it is by now, and that must be the one compiled.
    const late = await changedSince(inputs, {before: read, began});
    if (late.length > 0) return late;
    const folder = join(bundles, key);
    await keepBundle(building, folder);
    const kept = await keptBundle(project, folder);
    if (kept) return kept;
    throw new RenderError(
      'DiskFailed',
      `The compiled project in ${folder} cannot be read. Remove ${bundles} and render again.`,
    );
  } finally {
    await rm(building, {recursive: true, force: true});
  }
}

/**
 * The state that names a build: that of before; or that of after it, where the build itself has written what differs.
 *
 * @param changed files that were written during the build with the content that they had after the last one
 */
async function settled(
  changed: readonly string[],
  before: Snapshot,
  take: () => Promise<Snapshot>,
): Promise<Snapshot> {
  if (changed.length === 0) return before;
  const after = await take();
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  const differ = [...paths].filter(
    (path) => before.files.get(path)?.join() !== after.files.get(path)?.join(),
  );
  return differ.every((path) => changed.includes(path)) ? after : before;
}
