import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {execa} from 'execa';
import {clientTypes} from './client-types.ts';
import {VERSION} from './src/base/version.ts';

/**
 * Makes the package `revideo-lambda-client`, in `dist/client` or the named folder: one file, its types, and the SDK as
 * its only dependency. So callers of the function need not install the renderer. The folder is also `./client` of the
 * package `revideo-lambda`. A project may have both packages.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const folder = process.argv[2] ?? join(root, 'dist/client');
const {dependencies, license, engines} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
/** Files with declarations that an import of the client shows, beside `types`, which is generated. */
const EXPORTED = ['index', 'client', 'create-client', 'errors', 'verify-webhook'];
const ENTRY = {types: './index.d.ts', default: './index.js'};
const sdk = '@aws-sdk/client-lambda';

await rm(folder, {recursive: true, force: true});
await mkdir(folder, {recursive: true});
await Promise.all([
  build({
    entryPoints: [join(root, 'src/apps/client/index.ts')],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: [sdk],
  }),
  writeTypes(),
  writeFile(join(folder, 'types.d.ts'), clientTypes()),
  cp(join(root, 'LICENSE'), join(folder, 'LICENSE')),
  writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        name: 'revideo-lambda-client',
        version: VERSION,
        description: 'Calls a function that renders Revideo films on AWS Lambda',
        ...{license, type: 'module', engines},
        exports: {'.': ENTRY, './client': ENTRY, './package.json': './package.json'},
        dependencies: {[sdk]: dependencies[sdk]},
      },
      null,
      2,
    )}\n`,
  ),
]);
process.stdout.write(`${folder} is ready: npm install --install-links ${folder}\n`);

/** The declarations of what the client exports; those of its insides stay here. */
async function writeTypes(): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), 'client-types-'));
  try {
    await execa('tsc', ['-p', 'src/apps/client', '--outDir', temporary], {cwd: root, preferLocal: true});
    for (const name of EXPORTED) {
      const text = await readFile(join(temporary, 'apps/client', `${name}.d.ts`), 'utf8');
      await writeFile(join(folder, `${name}.d.ts`), text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
    }
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}
