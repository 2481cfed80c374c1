import {realpath} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';
import {type Plugin, build as viteBuild} from 'vite';
import type {Project} from '../project.ts';
import {sourceNames} from '../source-position.ts';
import {wat} from '../wat.ts';
import {addresses, assetName, inlines} from './assets.ts';
import {compileError} from './compile-error.ts';
import {CONDITIONS, environment} from './environment.ts';
import {json} from './json.ts';
import {PAGE, page} from './page.ts';
import {ourPackages, tsconfigPaths} from './resolve.ts';
import {runAll} from './run-all.ts';
import {SOURCES} from './sources.ts';
import {transform} from './transform.ts';
import {Tsconfigs} from './tsconfig.ts';

const require = createRequire(import.meta.url);

/**
 * Compiles a project and our page into `outDir`. The project's code runs there as it does in Revideo's dev server:
 * all of it, in the same order, under the same names.
 *
 * @throws `ProjectBroken` with the compiler's own words, and the file, line and column they are about.
 */
export async function build(project: Project, outDir: string): Promise<void> {
  // The plugin's parts that a build needs, one by one: as a whole it reports to its makers' server.
  const {metaPlugin} = require('@revideo/vite-plugin/lib/partials/meta') as {metaPlugin: () => Plugin};
  const {webglPlugin} = require('@revideo/vite-plugin/lib/partials/webgl') as {webglPlugin: () => Plugin};
  const folder = await realpath(project.folder);
  const tsconfigs = new Tsconfigs();
  // What only our page needs, and Revideo's own packages.
  const mediabunny = dirname(dirname(require.resolve('mediabunny')));
  const known = [PAGE, mediabunny, ...Object.values(project.packages)].map((path) => path + sep);
  const compiling = () => [
    tsconfigPaths(tsconfigs),
    ourPackages(Object.values(project.packages)),
    json(),
    transform(tsconfigs),
    webglPlugin(),
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
    await viteBuild({
      ...environment(),
      configFile: false,
      root: project.folder,
      base: '/-/',
      publicDir: project.publicFolder,
      logLevel: 'silent',
      // Nothing of the project runs outside of the page: no settings file of its own is looked for.
      css: {postcss: {}},
      resolve: {alias: aliases(project), conditions: CONDITIONS},
      plugins: [metaPlugin(), page(project), wat(), ...compiling()],
      oxc: false,
      experimental: addresses,
      worker: {format: 'es', plugins: compiling, rolldownOptions: {...rolldown, output}},
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
}

const aliases = ({file, packages}: Project) => [
  {find: 'virtual:revideo-project', replacement: file},
  // One copy of Revideo for the project and for our page, wherever either is.
  ...Object.entries(packages).map(([find, replacement]) => ({find, replacement})),
];
