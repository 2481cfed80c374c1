import type {InlineConfig} from 'vite';

/** Revideo's dev server runs in this mode: `.env.development` is read, and `import.meta.env.DEV` is true. */
const MODE = 'development';

/**
 * The project's view of its surroundings, the same as in Revideo's dev server. It ignores the machine's
 * `NODE_ENV`, so that a film is the same wherever it is compiled.
 */
export const environment = (): Pick<InlineConfig, 'mode' | 'define'> => ({
  mode: MODE,
  define: {
    'import.meta.env.DEV': 'true',
    'import.meta.env.PROD': 'false',
    'import.meta.env.BASE_URL': '"/"',
    'process.env.NODE_ENV': JSON.stringify(MODE),
    'global.process.env.NODE_ENV': JSON.stringify(MODE),
    'globalThis.process.env.NODE_ENV': JSON.stringify(MODE),
  },
});

/** Which of a package's files are taken where it has several: those that the dev server takes. */
export const CONDITIONS = ['module', 'browser', MODE];

/** Variables of the environment that a compiled project holds, and that so decide what is compiled. */
export const compiledVariables = (): [string, string | undefined][] =>
  Object.entries(process.env)
    .filter(([name]) => name.startsWith('VITE_'))
    .sort();
