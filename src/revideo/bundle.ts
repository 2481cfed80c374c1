import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join, relative, sep} from 'node:path';
import {RenderError} from '../errors.ts';
import {together} from '../together.ts';
import type {TypeCheck} from '../type-checks.ts';
import {keyOf, readInputs, surroundings, writeInputs} from './build-inputs.ts';
import {publicFolderOf, readFacts, writeFacts} from './bundle-facts.ts';
import {IMPORTED} from './compile/assets.ts';
import {compiledVariables} from './compile/environment.ts';
import {SOURCES} from './compile/sources.ts';
import type {ViteConfigUse} from './compile/vite-config.ts';
import {projectFiles, servedFiles} from './files.ts';
import {revideoVersion, versionWarning} from './packages.ts';
import type {Project} from './project.ts';
import {isMedia, type ServedFolders} from './public-file.ts';

/** A project and our page, built once into files a browser can open. */
export interface Bundle {
  /** Holds `index.html`. */
  folder: string;
  /** The project's static files, served beside the bundle; may not exist. */
  publicFolder: string;
  /** The project's folder, whose media have addresses too; a compiled project has them in its bundle. */
  projectFolder?: string | undefined;
  /** A hash of everything that decides the pixels but the variables. */
  hash: string;
  /** Problems that did not stop the build. */
  warnings: string[];
  /** The version of Revideo that draws it; undefined for a compiled project that does not say. */
  revideo?: string | undefined;
}

/** How a project is built. */
export interface BundleOptions {
  /** Where builds are kept. */
  cache: string;
  /** What becomes of type errors; warnings if left out. */
  typeCheck?: TypeCheck | undefined;
  /** Whether the project's own Vite settings are read; `auto` if left out. */
  viteConfig?: ViteConfigUse | undefined;
}

/**
 * Builds a project, or finds it built in `cache`: nothing is compiled while frames are drawn.
 * The build is found again as long as no file of the project, of our page, or of a package changed.
 *
 * @throws `ProjectBroken` with the compiler's own words; for type errors only where `typeCheck` is `error`.
 */
export async function bundleProject(
  project: Project,
  {cache, typeCheck = 'warn', viteConfig = 'auto'}: BundleOptions,
): Promise<Bundle> {
  const bundles = join(cache, 'bundles');
  const source = await fingerprint(project, {typeCheck, viteConfig});
  let folder = join(bundles, await keyOf(source, await readInputs(bundles, source)));
  const hash = await readFile(join(folder, 'hash'), 'utf8').catch(() => undefined);
  if (hash) return cachedBundle(project, folder, hash);

  await mkdir(dirname(folder), {recursive: true});
  const began = Date.now();
  const building = await mkdtemp(`${folder}-`);
  // Loaded here only: a process that finds the bundle built never pays for the compiler, and the handler's file for
  // Lambda has neither.
  const {runBuild} = await import('./compile/run-build.ts');
  const {checkTypes} = await import('./type-check.ts');
  try {
    const [{inputs, publicFolder}, found] = await together(new AbortController().signal, () => [
      runBuild(project, building, viteConfig),
      checkTypes(project, typeCheck),
    ]);
    const served = publicFolderOf({publicFolder}, {page: building, usual: project.publicFolder});
    const own = {...project, publicFolder: served};
    const built = await hashFiles(await filesOf([building, served], own));
    const untried = versionWarning(project.packages);
    const warnings = untried ? [untried, ...found] : found;
    // After the hash: facts draw nothing.
    const revideo = revideoVersion(project.packages);
    await writeFacts(building, {warnings, revideo, publicFolder});
    await writeFile(join(building, 'hash'), built);
    folder = join(bundles, await writeInputs(inputs, {bundles, source, project, began, publicFolder}));
    // mkdtemp makes it for its owner alone; an image is built by one user and run by another.
    await chmod(building, 0o755);
    // Another process may have built the same meanwhile; either result is whole.
    await rename(building, folder).catch(async (error) => {
      if (!(await stat(join(folder, 'hash')).catch(() => undefined))) throw error;
    });
    return await cachedBundle(project, folder, built);
  } finally {
    await rm(building, {recursive: true, force: true});
  }
}

async function cachedBundle(project: Project, folder: string, hash: string): Promise<Bundle> {
  const {warnings, revideo, ...facts} = await readFacts(folder);
  const publicFolder = publicFolderOf(facts, {page: folder, usual: project.publicFolder});
  return {folder, publicFolder, projectFolder: project.folder, hash, warnings, revideo};
}

/**
 * Takes a project as `writeBundle` has left it.
 *
 * @throws `ProjectNotFound` if there is none in `folder`.
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const hash = await readFile(join(folder, 'page/hash'), 'utf8').catch((cause) => {
    throw new RenderError('ProjectNotFound', `${folder} holds no compiled project. Run \`npm run build\`.`, {
      cause,
    });
  });
  const page = join(folder, 'page');
  const {warnings, revideo} = await readFacts(page);
  return {folder: page, publicFolder: join(folder, 'public'), hash, warnings, revideo};
}

/** Where the files are that a bundle's page asks for. */
export const servedFolders = ({
  folder,
  publicFolder,
  projectFolder,
}: Omit<Bundle, 'warnings' | 'revideo'>): ServedFolders => ({
  publicFolder,
  importedFolder: join(folder, IMPORTED),
  projectFolder,
});

/** Compiles a project into a folder that stands alone: `page/`, and `public/` beside it. Returns the build in the cache. */
export async function writeBundle(
  project: Project,
  {folder, ...options}: BundleOptions & {folder: string},
): Promise<Bundle> {
  const bundle = await bundleProject(project, options);
  await rm(folder, {recursive: true, force: true});
  await cp(bundle.folder, join(folder, 'page'), {recursive: true});
  for (const [name, file] of await mediaOf({...project, publicFolder: bundle.publicFolder})) {
    await cp(file, join(folder, 'page', IMPORTED, name), {dereference: true});
  }
  await mkdir(join(folder, 'public'));
  // As it is served: links within are followed, and what leads elsewhere or is no file stays behind.
  const {publicFolder} = bundle;
  for (const file of await servedFiles(publicFolder)) {
    await cp(file, join(folder, 'public', relative(publicFolder, file)), {dereference: true});
  }
  return bundle;
}

/** Names a build by its inputs: cheap, by size and time for the project, by content for what is small. */
async function fingerprint(
  project: Project,
  {typeCheck, viteConfig}: {typeCheck: TypeCheck; viteConfig: ViteConfigUse},
): Promise<string> {
  const hash = createHash('sha256');
  const {dependencies} = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  hash.update(JSON.stringify([dependencies, project, compiledVariables(), typeCheck]));
  for (const file of await projectFiles(SOURCES)) hash.update(await readFile(file));
  for (const file of await projectFiles(project.folder)) {
    const {size, mtimeMs} = await stat(file);
    hash.update(JSON.stringify([file, size, mtimeMs]));
  }
  for (const folder of Object.values(project.packages))
    hash.update(await readFile(join(folder, 'package.json')));
  hash.update(JSON.stringify(await surroundings(project, viteConfig)));
  return hash.digest('hex').slice(0, 32);
}

/** Files that decide the pixels: their names within their folders, and their paths. */
async function filesOf(folders: readonly string[], project: Project): Promise<[string, string][]> {
  const served = await Promise.all(
    folders.map(async (folder) =>
      (await servedFiles(folder)).map((file): [string, string] => [relative(folder, file), file]),
    ),
  );
  return [...served.flat(), ...(await mediaOf(project))];
}

/** The project's media that have an address without being in `public/`. */
async function mediaOf({folder, publicFolder}: Project): Promise<[string, string][]> {
  const files = await projectFiles(folder);
  return files
    .filter((file) => isMedia(relative(folder, file)) && !file.startsWith(publicFolder + sep))
    .map((file) => [relative(folder, file), file]);
}

async function hashFiles(files: readonly [string, string][]): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, file] of files) {
    // Source maps draw nothing.
    if (name.endsWith('.map')) continue;
    hash.update(name);
    for await (const bytes of createReadStream(file)) hash.update(bytes);
  }
  return hash.digest('hex');
}
