import {dirname} from 'node:path';
import {type Plugin, transformWithOxc} from 'vite';
import type {CompilerOptions, Tsconfigs} from './tsconfig.ts';

/** Where JSX of a Revideo project comes from, unless its own file names another place. */
const JSX_SOURCE = '@revideo/2d/lib';

/** Scripts that are compiled; plain `.js` stays as it is, as in Revideo's dev server. */
const COMPILED = /\.(?:[mc]?ts|[jt]sx)$/;

/**
 * Compiles TypeScript and JSX, in the place of Vite's own plugin. Vite's own plugin ends the build for a
 * tsconfig that it cannot read whole. It also marks JSX as free of side effects: the bundler then drops an
 * unused `<Txt ref={title} />`, and `title()` is undefined.
 */
export const transform = (tsconfigs: Tsconfigs): Plugin => ({
  name: 'revideo-lambda:transform',
  async transform(code, id) {
    const [path = id] = id.split('?');
    if (!COMPILED.test(path) || id.startsWith('\0')) return null;
    const {files, options} = await tsconfigs.of(dirname(path));
    for (const file of files) this.addWatchFile(file);
    const compiled = await transformWithOxc(code, path, oxcOptions(options));
    return {code: compiled.code, map: compiled.map, moduleType: 'js'};
  },
});

type OxcOptions = NonNullable<Parameters<typeof transformWithOxc>[2]>;

/** The compiler's options under a project's settings, without those that only the type check needs. */
function oxcOptions(options: CompilerOptions): OxcOptions {
  const {jsx, jsxFactory, jsxFragmentFactory, jsxImportSource = JSX_SOURCE} = options;
  const classic = jsx === 'react' && jsxFactory !== undefined;
  return {
    target: 'esnext',
    sourcemap: true,
    jsx: {
      pure: false,
      development: false,
      ...(classic
        ? {
            runtime: 'classic',
            pragma: jsxFactory,
            ...(jsxFragmentFactory && {pragmaFrag: jsxFragmentFactory}),
          }
        : {runtime: 'automatic', importSource: jsxImportSource}),
    },
    tsconfig: {
      compilerOptions: {
        // Revideo's own decorators are of this kind, and no browser takes any as they are.
        experimentalDecorators: true,
        ...pick(options, [
          'target',
          'useDefineForClassFields',
          'emitDecoratorMetadata',
          'verbatimModuleSyntax',
          'strict',
          'strictNullChecks',
        ]),
      },
    },
  };
}

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<
    Pick<T, K>
  >;
