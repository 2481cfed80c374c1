import {globSync} from 'node:fs';
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {execa} from 'execa';

/**
 * Makes what the published package runs, in `dist/package` or the folder that is named: this repository with its
 * TypeScript compiled, file by file. Node strips no types below `node_modules`, so sources cannot be published as they
 * are. Every file keeps its place, so that paths between files are the same here and there.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const folder = process.argv[2] ?? join(root, 'dist/package');

/** The files of the command line, the image and the deployment. */
const COMPILED = [
  ...['src', 'local-lambda', 'infra', 'image'].map((name) => `${name}/**/*.ts`),
  ...['build.ts', 'build-handler.ts', 'third-party.ts', 'revideo-project/src/lambda.ts'],
];
/** The files that Vite compiles into a project's page, with all their imports. */
const PAGES = ['src/renderers/revideo/page/**/*.ts'];
/** The files that Dockerfile.base puts outside of `node_modules`, where Node strips types. */
const OF_THE_BASE = ['image/install.ts', 'image/check-program.ts'];
const COPIED = [
  ...['src', 'infra', 'image', 'events'].map((name) => `${name}/**/*`),
  ...['revideo-project/*', 'revideo-project/{src,public}/**/*'],
  ...['Dockerfile', 'Dockerfile.base', '.dockerignore', 'LICENSE', 'policy.json', 'tsconfig.json'],
];

const find = (patterns: readonly string[]): string[] =>
  globSync(patterns as string[], {cwd: root, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !/(^|\/)(node_modules|cdk\.out)\//.test(path));

const page = await build({
  entryPoints: find(PAGES),
  ...{absWorkingDir: root, bundle: true, write: false, outdir: folder, metafile: true, logLevel: 'error'},
  ...{packages: 'external', external: ['*.wat', 'virtual:*']},
});
/** TypeScript that is published as it is, beside what is compiled from it. */
const asItIs = new Set([
  ...Object.keys(page.metafile.inputs),
  ...find(OF_THE_BASE),
  ...find(['src/**/*.d.ts']),
]);
const scripts = find(COMPILED).filter((path) => !path.endsWith('.d.ts'));

/** Names compiled files where sources are named: in imports, and in `new URL('./worker.ts', import.meta.url)`. */
const compiledNames: Plugin = {
  name: 'compiled-names',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^\.{1,2}\//}, ({path, kind}) =>
      kind === 'entry-point' ? undefined : {path: path.replace(/\.ts$/, '.js'), external: true},
    );
    onLoad({filter: /\.ts$/}, async ({path}) => {
      const source = await readFile(path, 'utf8');
      const named = source.replace(
        /new URL\('([^']+)\.ts', import\.meta\.url\)/g,
        "new URL('$1.js', import.meta.url)",
      );
      return {contents: named, loader: 'ts'};
    });
  },
};

await rm(folder, {recursive: true, force: true});
await mkdir(folder, {recursive: true});
await build({
  entryPoints: scripts.map((path) => join(root, path)),
  outdir: folder,
  outbase: root,
  // Every import is kept: this is one file for each file.
  ...{bundle: true, packages: 'external', plugins: [compiledNames]},
  ...{platform: 'node', target: 'node24', format: 'esm', sourcemap: false},
});
const copied = find(COPIED).filter((path) => !path.endsWith('.ts') || asItIs.has(path));
for (const path of [...copied, ...asItIs]) await cp(join(root, path), join(folder, path), {recursive: true});
// By the lock file, which npm publishes only below the root, the image has the packages that were tested.
for (const name of ['package.json', 'package-lock.json']) await cp(join(root, name), join(folder, name));
const settings = JSON.parse(await readFile(join(root, 'infra/cdk.json'), 'utf8'));
await writeFile(
  join(folder, 'infra/cdk.json'),
  `${JSON.stringify({...settings, app: 'node app.js'}, null, 2)}\n`,
);
await writeFile(
  join(folder, 'src/apps/handler/lambda.d.ts'),
  `/**
 * Wires the handler of the function: an event and Lambda's context in, the job's result out.
 *
 * @param project the folder of the project that it renders where the environment names no other
 */
export declare const lambdaHandler: (options: {
  project: string;
}) => (event: unknown, context?: unknown) => Promise<unknown>;
`,
);
await writeCdkTypes();
process.stdout.write(`${folder} is ready: ${scripts.length} compiled files.\n`);

/** The declarations of the CDK construct, without those of its internals. */
async function writeCdkTypes(): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), 'cdk-types-'));
  try {
    await execa('tsc', ['-p', 'infra', '--outDir', temporary], {cwd: root, preferLocal: true});
    for (const name of ['revideo-render', 'revideo-render-props']) {
      const text = await readFile(join(temporary, 'infra', `${name}.d.ts`), 'utf8');
      await writeFile(
        join(folder, 'infra', `${name}.d.ts`),
        text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"),
      );
    }
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}
