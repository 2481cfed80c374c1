import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {chmod, cp, mkdir, mkdtemp, readFile, realpath, rename, rm, stat, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import type {Plugin} from 'vite';
import {z} from 'zod';
import {RenderError} from '../errors.ts';
import {together} from '../together.ts';
import {projectFiles, servedFiles} from './files.ts';
import type {Project} from './project.ts';
import {sourceNames} from './source-position.ts';
import {checkTypes} from './type-check.ts';
import {wat} from './wat.ts';

/** A project and our page, built once into files a browser can open. */
export interface Bundle {
  /** Holds `index.html`. */
  folder: string;
  /** The project's static files, served beside the bundle; may not exist. */
  publicFolder: string;
  /** A hash of everything that decides the pixels but the variables. */
  hash: string;
  /** Problems that did not stop the build. */
  warnings: string[];
}

/** Our own sources: what is built into a page, and what decides how. */
const SOURCES = fileURLToPath(new URL('../', import.meta.url));
const PAGE = join(SOURCES, 'revideo/page');
/** The file of a bundle that holds the warnings of its build. */
const WARNINGS = 'warnings.json';
const require = createRequire(import.meta.url);

/**
 * Builds a project, or finds it built in `cache`: nothing is compiled while frames are drawn.
 * The build is found again as long as no file of the project, of our page, or of a package changed.
 *
 * @throws `ProjectBroken` with the compiler's own words.
 */
export async function bundleProject(project: Project, cache: string): Promise<Bundle> {
  const source = await fingerprint(project);
  const folder = join(cache, 'bundles', source);
  const hash = await readFile(join(folder, 'hash'), 'utf8').catch(() => undefined);
  const {publicFolder} = project;
  if (hash) return {folder, publicFolder, hash, warnings: await readWarnings(folder)};

  await mkdir(dirname(folder), {recursive: true});
  const building = await mkdtemp(`${folder}-`);
  try {
    await together(new AbortController().signal, () => [build(project, building), checkTypes(project)]);
    const built = await hashFolders([building, publicFolder]);
    // After the hash: warnings draw nothing.
    const warnings: string[] = [];
    await writeFile(join(building, WARNINGS), JSON.stringify(warnings));
    await writeFile(join(building, 'hash'), built);
    // mkdtemp makes it for its owner alone; an image is built by one user and run by another.
    await chmod(building, 0o755);
    // Another process may have built the same meanwhile; either result is whole.
    await rename(building, folder).catch(async (error) => {
      if (!(await stat(join(folder, 'hash')).catch(() => undefined))) throw error;
    });
    return {folder, publicFolder, hash: built, warnings};
  } finally {
    await rm(building, {recursive: true, force: true});
  }
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
  return {folder: page, publicFolder: join(folder, 'public'), hash, warnings: await readWarnings(page)};
}

/** What the build of a bundle has warned of; nothing for one of a version that kept none. */
const readWarnings = async (folder: string): Promise<string[]> =>
  z.array(z.string()).parse(JSON.parse(await readFile(join(folder, WARNINGS), 'utf8').catch(() => '[]')));

/** Compiles a project into a folder that stands alone: `page/`, and `public/` beside it. */
export async function writeBundle(
  project: Project,
  {folder, cache}: {folder: string; cache: string},
): Promise<void> {
  const bundle = await bundleProject(project, cache);
  await rm(folder, {recursive: true, force: true});
  await cp(bundle.folder, join(folder, 'page'), {recursive: true});
  await mkdir(join(folder, 'public'));
  // As it is served: links within are followed, and what leads elsewhere or is no file stays behind.
  const {publicFolder} = bundle;
  for (const file of await servedFiles(publicFolder)) {
    await cp(file, join(folder, 'public', relative(publicFolder, file)), {dereference: true});
  }
}

async function build(project: Project, outDir: string): Promise<void> {
  // Loaded here only: a process that finds the bundle built never pays for the compiler.
  const vite = await import('vite');
  // The plugin's parts that a build needs, one by one: as a whole it reports to its makers' server.
  const {metaPlugin} = require('@revideo/vite-plugin/lib/partials/meta') as {metaPlugin: () => Plugin};
  const {webglPlugin} = require('@revideo/vite-plugin/lib/partials/webgl') as {webglPlugin: () => Plugin};
  try {
    await vite.build({
      configFile: false,
      root: project.folder,
      base: './',
      logLevel: 'silent',
      // Nothing of the project runs outside of the page: no settings file of its own is looked for.
      css: {postcss: {}},
      resolve: {alias: aliases(project)},
      plugins: [metaPlugin(), webglPlugin(), page(project), wat()],
      oxc: {jsx: {runtime: 'automatic', importSource: '@revideo/2d/lib'}},
      build: {
        outDir,
        emptyOutDir: false,
        copyPublicDir: false,
        target: 'esnext',
        sourcemap: true,
        reportCompressedSize: false,
        assetsDir: '.',
        rolldownOptions: {
          input: join(PAGE, 'main.ts'),
          output: {
            sourcemapPathTransform: sourceNames({folder: await realpath(project.folder), ours: SOURCES}),
            // Maps are there for the places in an error.
            sourcemapExcludeSources: true,
          },
        },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RenderError(
      'ProjectBroken',
      `The project in ${project.folder} does not compile. ${stripVTControlCharacters(message).trim()}`,
      {
        cause: error,
      },
    );
  }
}

const aliases = ({file, packages}: Project) => [
  {find: 'virtual:revideo-project', replacement: file},
  // One copy of Revideo for the project and for our page, wherever either is.
  ...Object.entries(packages).map(([find, replacement]) => ({find, replacement})),
];

/** Makes our page the entry and our clips the source of `<Video>`'s pictures. */
const page = (project: Project): Plugin => ({
  name: 'revideo-lambda:page',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.endsWith('/mp4-parser-manager') && importer?.startsWith(project.packages['@revideo/2d'])) {
      return join(PAGE, 'clip.ts');
    }
    return null;
  },
  transform(code, id) {
    if (!id.startsWith(project.packages['@revideo/2d']) || !id.endsWith('/components/Rive.js')) return null;
    // Rive's player is fetched from an address that only Revideo's dev server knows.
    const player = `import player from '@rive-app/canvas-advanced/rive.wasm?url';`;
    return {code: `${player}${code.replace(`'/@rive-wasm'`, 'player')}`, map: null};
  },
  generateBundle(_, bundle) {
    const entry = Object.values(bundle).find((output) => output.type === 'chunk' && output.isEntry);
    if (!entry) throw new Error('The page was not built.');
    const styles = Object.keys(bundle)
      .filter((name) => name.endsWith('.css'))
      .map((name) => `<link rel="stylesheet" href="./${name}">`);
    this.emitFile({
      type: 'asset',
      fileName: 'index.html',
      source: `<!doctype html><meta charset="utf-8"><title>revideo-lambda</title>${styles.join('')}<body><script id="revideo-lambda" type="module" src="./${entry.fileName}"></script>`,
    });
  },
});

/** Names a build by its inputs: cheap, by size and time for the project, by content for what is small. */
async function fingerprint(project: Project): Promise<string> {
  const hash = createHash('sha256');
  const {dependencies} = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  hash.update(JSON.stringify([dependencies, project]));
  for (const file of await projectFiles(SOURCES)) hash.update(await readFile(file));
  for (const file of await projectFiles(project.folder)) {
    const {size, mtimeMs} = await stat(file);
    hash.update(JSON.stringify([file, size, mtimeMs]));
  }
  for (const folder of Object.values(project.packages))
    hash.update(await readFile(join(folder, 'package.json')));
  return hash.digest('hex').slice(0, 32);
}

async function hashFolders(folders: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of await servedFiles(folder)) {
      // Source maps draw nothing.
      if (file.endsWith('.map')) continue;
      hash.update(relative(folder, file));
      for await (const bytes of createReadStream(file)) hash.update(bytes);
    }
  }
  return hash.digest('hex');
}
