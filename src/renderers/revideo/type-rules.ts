import {readdir, readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {type CompilerOptions, Tsconfigs} from './compile/tsconfig.ts';
import type {Project} from './project.ts';

/**
 * The settings by which a project's types are checked, as the content of a `tsconfig.json`. Its own settings
 * decide what its sources mean: `paths`, `types`, decorators, JSX, whether null is a value. Only what is
 * wrong under the loosest of all other rules counts: those are its author's business. Vite compiles it
 * whatever its other settings are.
 */
export async function typeRules({file, folder, packages}: Project): Promise<object> {
  const {options} = await new Tsconfigs().of(dirname(file));
  const sources = [...new Set([folder, join(folder, 'src'), dirname(file)])];
  return {
    compilerOptions: {
      ...RULES,
      ...meaning(options),
      paths: {...below(options.baseUrl), ...options.paths, ...ours(packages)},
    },
    files: ['revideo.d.ts', file, ...ambient({folder, packages}), ...(await typePackages(folder, options))],
    // The project's own declarations, which no file may import.
    include: [join(folder, '*.d.ts'), ...sources.slice(1).map((source) => join(source, '**/*.d.ts'))],
    exclude: ['**/node_modules'],
  };
}

const RULES = {
  noEmit: true,
  strict: false,
  skipLibCheck: true,
  target: 'esnext',
  lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  allowImportingTsExtensions: true,
  allowArbitraryExtensions: true,
  allowJs: true,
  checkJs: false,
  esModuleInterop: true,
  allowSyntheticDefaultImports: true,
  noUncheckedSideEffectImports: false,
  resolveJsonModule: true,
  experimentalDecorators: true,
  jsx: 'react-jsx',
  jsxImportSource: '@revideo/2d/lib',
  // One that is not installed would end the check: they are named as files.
  types: [],
};

/** The options of a project's settings that decide what its sources mean. */
function meaning(options: CompilerOptions): Record<string, unknown> {
  const {experimentalDecorators, jsx, jsxFactory, jsxFragmentFactory} = options as Record<string, unknown>;
  const {strict = false, strictNullChecks = strict} = options;
  return {
    strictNullChecks,
    // Without it an empty list would be one that never holds anything. Its other errors are not shown.
    noImplicitAny: strictNullChecks,
    ...(typeof experimentalDecorators === 'boolean' && {experimentalDecorators}),
    ...(jsx === 'react' && jsxFactory
      ? {jsx, jsxFactory, jsxFragmentFactory, jsxImportSource: undefined}
      : {}),
  };
}

/**
 * The files of the type packages that a project uses. These are the packages it names, or by TypeScript's
 * older default all installed ones.
 */
async function typePackages(folder: string, {types}: CompilerOptions & {types?: unknown}): Promise<string[]> {
  const installed = await readdir(join(folder, 'node_modules/@types')).catch(() => []);
  const names = Array.isArray(types) ? types.map(String) : installed;
  const theirs = createRequire(join(folder, 'package.json'));
  const found = names.map(async (name) => {
    try {
      const manifest = theirs.resolve(`@types/${name}/package.json`);
      const {types = 'index.d.ts'} = JSON.parse(await readFile(manifest, 'utf8')) as {types?: string};
      return [join(dirname(manifest), types)];
    } catch {
      return [];
    }
  });
  return (await Promise.all(found)).flat();
}

const below = (baseUrl: string | undefined): Record<string, string[]> =>
  baseUrl ? {'*': [join(baseUrl, '*')]} : {};

const ours = (packages: Project['packages']): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(packages).flatMap(([name, folder]) => [
      [name, [folder]],
      [`${name}/*`, [`${folder}/*`]],
    ]),
  );

/**
 * The declarations of Revideo for images, shaders and similar imports, and of Vite for files; ours where the
 * project has no Vite.
 */
function ambient({folder, packages}: Pick<Project, 'folder' | 'packages'>): string[] {
  const vite = [join(folder, 'package.json'), import.meta.url].flatMap((from) => {
    try {
      return join(dirname(createRequire(from).resolve('vite/package.json')), 'client.d.ts');
    } catch {
      return [];
    }
  });
  return [join(packages['@revideo/core'], 'project.d.ts'), ...vite.slice(0, 1)];
}
