import {build, type Metafile} from 'esbuild';
import {HANDLER, HANDLER_FILE, OUR_ENTRY, ownEntry} from './src/apps/handler/entry.ts';

/**
 * The programs that compile a project; the function compiles its project elsewhere, and its image holds no
 * packages.
 */
const COMPILERS = ['ts', 'js'].flatMap((kind) => [`*/compile/run-build.${kind}`, `*/type-check.${kind}`]);
/** Packages that are found by name at run time, or carry binaries. */
const PACKAGES = [
  'vite',
  'typescript',
  'puppeteer',
  '@sparticuz/chromium',
  'ffmpeg-static',
  'koffi',
  '@revideo/*',
];

/**
 * Writes the function's handler as one file that starts without any package beside it.
 *
 * @param outfile where it is written
 * @param project the folder of a project, whose own entry is taken if it has one
 * @returns what it consists of, and what it still imports
 */
export async function writeHandler(outfile: string, project?: string): Promise<Metafile> {
  const {metafile} = await build({
    entryPoints: [(project && ownEntry(project)) ?? OUR_ENTRY],
    alias: {[HANDLER]: HANDLER_FILE},
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: 'linked',
    metafile: true,
    external: [...COMPILERS, ...PACKAGES],
    // CommonJS inside of an ES module still calls these.
    banner: {
      js: "import {createRequire as _createRequire} from 'node:module'; const require = _createRequire(import.meta.url);",
    },
  });
  return metafile;
}
