import {fileURLToPath} from 'node:url';
import {build, type Metafile} from 'esbuild';

/**
 * The programs that compile a project; the function compiles its project elsewhere, and its image holds no
 * packages.
 */
const COMPILERS = ['*/compile/run-build.ts', '*/type-check.ts'];
/** Packages that are found by name at run time, or carry binaries. */
const PACKAGES = ['vite', 'typescript', 'puppeteer', '@sparticuz/chromium', 'ffmpeg-static', '@revideo/*'];

/**
 * Writes the function's handler as one file that starts without any package beside it.
 *
 * @param outfile where it is written
 * @returns what it consists of, and what it still imports
 */
export async function writeHandler(outfile: string): Promise<Metafile> {
  const {metafile} = await build({
    entryPoints: [fileURLToPath(new URL('revideo-project/src/lambda.ts', import.meta.url))],
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
