import {existsSync, realpathSync} from 'node:fs';
import {cp, mkdir, readFile, rm} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {buildBundle} from './build-bundle.ts';
import {keyOf, readInputs} from './build-inputs.ts';
import type {Bundle} from './built.ts';
import {readFacts, warningsOf} from './bundle-facts.ts';
import {IMPORTED} from './compile/assets.ts';
import type {ViteConfigUse} from './compile/vite-config.ts';
import {servedFiles} from './files.ts';
import {snapshot} from './fingerprint.ts';
import {checkLater, keptBundle} from './kept-bundle.ts';
import type {Project} from './project.ts';
import {mediaOf} from './project-media.ts';
import type {ServedFolders} from './public-file.ts';

/** How a project is built. */
export interface BundleOptions {
  /** Where builds are kept. */
  cache: string;
  /** How to treat type errors; as warnings if left out. */
  typeCheck?: TypeCheck | undefined;
  /** Whether the project's own Vite settings are read; `auto` if left out. */
  viteConfig?: ViteConfigUse | undefined;
}

/** Builds in which files may change while they are read, before the project counts as never at rest. */
const MOST_BUILDS = 3;
/** Changed files that a message names. */
const NAMED = 3;

/**
 * Builds a project, or finds it built in `cache`: nothing is compiled while frames are drawn.
 * The build is found again as long as no file of the project, of our page, or of a package changed. A project that is
 * edited while it is compiled is compiled again.
 *
 * @throws `ProjectBroken` with the compiler's own words. The reason may be type errors where `typeCheck` is
 * `error`, or files that change during each of three builds. It may also be a folder that the compiler cannot
 * read.
 */
export async function bundleProject(
  project: Project,
  {cache, typeCheck = 'warn', viteConfig = 'auto'}: BundleOptions,
): Promise<Bundle> {
  refuseFolder(project);
  const bundles = join(cache, 'bundles');
  await mkdir(bundles, {recursive: true});
  // A plugin of the project may write a file during each build, with the same content.
  const contents = new Map<string, string>();
  let moving: string[] = [];
  for (let builds = 0; builds < MOST_BUILDS; builds++) {
    const before = await snapshot(project, {typeCheck, viteConfig});
    const known = await readInputs(bundles, before.source);
    const kept = join(bundles, await keyOf(before.source, known));
    await checkLater(project, kept);
    const found = await keptBundle(project, kept);
    if (found) return found;
    const order = {bundles, typeCheck, viteConfig, before, known, contents};
    const built = await buildBundle(project, order);
    if (!Array.isArray(built)) return built;
    moving = built;
  }
  const names = moving.slice(0, NAMED).map((path) => relative(project.folder, path));
  throw new RenderError(
    'ProjectBroken',
    `The project in ${project.folder} was compiled ${MOST_BUILDS} times, and each time its files changed meanwhile: ${names.join(', ')}${moving.length > NAMED ? ', …' : ''}. Render again when nothing writes to them.`,
  );
}

/**
 * Refuses a path that the bundler misreads. It cuts a name at the characters that begin an address's query,
 * and takes a backslash for a folder separator.
 */
function refuseFolder({file}: Project): void {
  const real = existsSync(file) ? realpathSync(file) : file;
  const path = [file, real].find((name) => /[?#\\]/.test(name.replaceAll(sep, '/')));
  if (path === undefined) return;
  throw new RenderError(
    'ProjectBroken',
    `The compiler cannot read ${path}: the names of its folders and of the file must be without ?, # and \\. Rename what has one.`,
  );
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
  const facts = await readFacts(page).catch((cause: unknown) => {
    const message = `The compiled project in ${folder} is garbled. Run \`npm run build\` again.`;
    throw new RenderError('ProjectNotFound', message, {cause});
  });
  const warnings = facts ? warningsOf(facts) : [];
  return {folder: page, publicFolder: join(folder, 'public'), hash, warnings, revideo: facts?.revideo};
}

/** Where the files are that a bundle's page asks for. */
export const servedFolders = ({
  folder,
  publicFolder,
  projectFolder,
  results,
}: Omit<Bundle, 'warnings' | 'revideo'>): ServedFolders => ({
  publicFolder,
  importedFolder: join(folder, IMPORTED),
  projectFolder,
  results,
});

/** Compiles a project into a folder that stands alone: `page/`, and `public/` beside it. Returns the build in the cache. */
export async function writeBundle(
  project: Project,
  {folder, ...options}: BundleOptions & {folder: string},
): Promise<Bundle> {
  const bundle = await bundleProject(project, options);
  await rm(folder, {recursive: true, force: true});
  await cp(bundle.folder, join(folder, 'page'), {recursive: true});
  const own = {folder: project.folder, publicFolder: bundle.publicFolder};
  for (const file of (await mediaOf(own, bundle.folder)).media) {
    await copyMedium(file, join(folder, 'page', IMPORTED, relative(project.folder, file)));
  }
  await mkdir(join(folder, 'public'));
  // As it is served: links within are followed, and what leads elsewhere or is no file stays behind.
  const {publicFolder} = bundle;
  for (const file of await servedFiles(publicFolder)) {
    await copyMedium(file, join(folder, 'public', relative(publicFolder, file)));
  }
  return bundle;
}

async function copyMedium(from: string, to: string): Promise<void> {
  await cp(from, to, {dereference: true}).catch((cause: Error) => {
    const message = `${from} cannot be copied into the compiled project: ${cause.message}.`;
    throw new RenderError('ProjectBroken', message, {cause});
  });
}
