import {realpath} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';
import {type InlineConfig, mergeAlias, type Plugin, build as viteBuild} from 'vite';
import type {Project} from '../project.ts';
import {sourceNames} from '../source-position.ts';
import {wat} from '../wat.ts';
import {addresses, assetName, inlines} from './assets.ts';
import {compileError} from './compile-error.ts';
import {CONDITIONS, environment} from './environment.ts';
import {highlighter} from './highlighter.ts';
import {json} from './json.ts';
import {moduleAddress} from './module-address.ts';
import {noteInputs} from './note-inputs.ts';
import {ownPackage} from './own-package.ts';
import {PAGE, page} from './page.ts';
import {ourPackages, tsconfigPaths} from './resolve.ts';
import {runAll} from './run-all.ts';
import {SOURCES} from './sources.ts';
import {transform} from './transform.ts';
import {Tsconfigs} from './tsconfig.ts';
import type {TakenConfig} from './vite-config.ts';

const require = createRequire(import.meta.url);

/**
 * Compiles a project and our page into `outDir`. The project's code runs there as it does in Revideo's dev server:
 * all of it, in the same order, under the same names.
 *
 * @param own what is taken of the project's settings of Vite, and whether PostCSS looks for its own
 * @returns every file that was read: what decides the build
 * @throws `ProjectBroken` with the compiler's own words, and the file, line and column they are about.
 */
export async function build(
  project: Project,
  outDir: string,
  {taken, postcss = false}: {taken?: TakenConfig | undefined; postcss?: boolean} = {},
): Promise<string[]> {
  const inputs = new Set(taken?.files);
  // The plugin's parts that a build needs, one by one: as a whole it reports to its makers' server.
  const {metaPlugin} = require('@revideo/vite-plugin/lib/partials/meta') as {metaPlugin: () => Plugin};
  const {webglPlugin} = require('@revideo/vite-plugin/lib/partials/webgl') as {webglPlugin: () => Plugin};
  const folder = await realpath(project.folder);
  const tsconfigs = new Tsconfigs();
  // Packages that only our page needs, and Revideo's own packages.
  const mediabunny = dirname(dirname(require.resolve('mediabunny')));
  const known = [PAGE, mediabunny, ...Object.values(project.packages)].map((path) => path + sep);
  const compiling = () => [
    tsconfigPaths(tsconfigs),
    ownPackage(),
    ourPackages(Object.values(project.packages)),
    json(),
    highlighter(),
    transform(tsconfigs),
    webglPlugin(),
    moduleAddress(folder),
    runAll(known),
  ];
  const rolldown = {
    // Read file by file, by `transform`.
    tsconfig: false,
    treeshake: {annotations: false, commonjs: false},
  } as const;
  const output = {
    assetFileNames: assetName,
    // Revideo names a node by its class, and two classes of one name are renamed.
    keepNames: true,
    topLevelVar: false,
    minify: {compress: false, mangle: false, codegen: {removeWhitespace: true}},
  } as const;
  try {
    const {define, ...surroundings} = environment();
    await viteBuild({
      ...taken?.settings,
      ...surroundings,
      define: {...taken?.settings.define, ...define},
      configFile: false,
      root: project.folder,
      base: '/-/',
      publicDir: taken?.publicFolder ?? project.publicFolder,
      logLevel: 'silent',
      css: {...(!postcss && {postcss: {}}), ...taken?.settings.css},
      resolve: resolving(project, taken?.settings.resolve),
      // Plugins of a project come behind the compiler of its scripts, as behind Vite's own.
      plugins: [
        metaPlugin(),
        page(project),
        wat(),
        ...compiling(),
        ...(taken?.plugins ?? []),
        noteInputs(inputs, tsconfigs),
      ],
      oxc: false,
      experimental: addresses,
      worker: {
        format: 'es',
        plugins: () => [...compiling(), ...(taken?.workerPlugins() ?? [])],
        rolldownOptions: {...rolldown, output},
      },
      build: {
        outDir,
        emptyOutDir: false,
        copyPublicDir: false,
        target: 'esnext',
        cssMinify: false,
        cssCodeSplit: false,
        modulePreload: false,
        assetsInlineLimit: inlines,
        sourcemap: true,
        reportCompressedSize: false,
        assetsDir: '.',
        rolldownOptions: {
          ...rolldown,
          input: join(PAGE, 'main.ts'),
          output: {
            ...output,
            // One script: a module runs when the first import of it does, also where a script waits for an import.
            codeSplitting: false,
            sourcemapPathTransform: sourceNames({folder, ours: SOURCES}),
            // Maps are there for the places in an error.
            sourcemapExcludeSources: true,
          },
        },
      },
    });
  } catch (error) {
    throw await compileError(error, folder);
  }
  return [...inputs];
}

/** The dev server's replacement for its own name for them (`defaultClientConditions`). */
const CONDITION = 'development|production';

/** Where imports lead: to one copy of Revideo first, then where the project's own settings say. */
function resolving(
  project: Project,
  own: InlineConfig['resolve'] = {},
): NonNullable<InlineConfig['resolve']> {
  const conditions = own.conditions?.map((name) => (name === CONDITION ? 'development' : name)) ?? CONDITIONS;
  return {...own, alias: mergeAlias(own.alias ?? [], aliases(project)), conditions};
}

const aliases = ({file, packages}: Project) => [
  {find: 'virtual:revideo-project', replacement: file},
  // One copy of Revideo for the project and for our page, wherever either is.
  ...Object.entries(packages).map(([find, replacement]) => ({find, replacement})),
];
