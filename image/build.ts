import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Command, CommanderError, Option} from 'commander';
import {execa} from 'execa';

/** What can build an image, the first that is there first. */
const TOOLS = ['docker', 'podman', 'buildah'] as const;
type Tool = (typeof TOOLS)[number];

/** The repository: what both images are built from. */
const CONTEXT = fileURLToPath(new URL('..', import.meta.url));

/** The options of `npm run image`. */
interface ImageOptions {
  tool?: Tool;
  base: string;
  project: string;
  tag: string;
  baseOnly?: true;
}

const BASE_TAG = 'revideo-lambda-base';

/** A mistake of whoever calls it, told in one line. */
class Mistake extends Error {}

async function buildImages({base, project, tag, baseOnly, ...options}: ImageOptions): Promise<void> {
  const folder = projectFolder(project);
  const tool = options.tool ?? (await firstTool());
  await buildImage(tool, {file: 'Dockerfile.base', tag: BASE_TAG, args: {BASE: base}});
  if (baseOnly) return;
  const {version} = JSON.parse(await readFile(join(CONTEXT, 'package.json'), 'utf8')) as {version: string};
  const args = {BASE: BASE_TAG, PROJECT: folder, VERSION: version};
  await buildImage(tool, {file: 'Dockerfile', tag, args});
  process.stderr.write(`The image ${tag} is built. \`npm run deploy\` brings it to AWS.\n`);
}

/** The project's folder below the repository: nothing else is sent to the builder. */
function projectFolder(project: string): string {
  const folder = relative(CONTEXT, project) || '.';
  if (folder === '.' || folder.startsWith('..') || isAbsolute(folder)) {
    throw new Mistake(
      `--project is ${project}; it must be a folder in ${CONTEXT}, since an image is built from what is there. Copy it there, in place of revideo-project/ or beside it.`,
    );
  }
  if (!existsSync(join(CONTEXT, folder)))
    throw new Mistake(`--project is ${project}; there is no such folder.`);
  return folder.split(sep).join('/');
}

async function firstTool(): Promise<Tool> {
  for (const tool of TOOLS) {
    // Docker's command may be there without its daemon.
    const {failed} = await execa(tool, ['info'], {reject: false, stdio: 'ignore'});
    if (!failed) return tool;
  }
  throw new Mistake(`None of ${TOOLS.join(', ')} works here (\`<tool> info\` fails). Install or start one.`);
}

async function buildImage(
  tool: Tool,
  {file, tag, args}: {file: string; tag: string; args: Record<string, string>},
): Promise<void> {
  const npmrc = join(homedir(), '.npmrc');
  await execa(
    tool,
    [
      'build',
      ...['--platform', 'linux/amd64', '--file', file, '--tag', tag],
      // Lambda refuses an image index, which attestations would make of it, and OCI's own manifests are younger.
      ...(tool === 'docker' ? ['--provenance=false'] : ['--format', 'docker', '--layers']),
      // Whoever is behind a mirror says so there.
      ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      '.',
    ],
    {cwd: CONTEXT, stdio: ['ignore', 2, 2]},
  );
}

const program = new Command('npm run image --')
  .description(
    'Builds the container image for AWS Lambda (linux/amd64): Dockerfile.base, then Dockerfile on it.',
  )
  .addOption(new Option('--tool <name>', 'what builds it; the first that works here').choices(TOOLS))
  .option(
    '--base <image>',
    "what it is based on, Lambda's image for Node 24",
    'public.ecr.aws/lambda/nodejs:24',
  )
  .option('--project <folder>', 'the project, a folder in this repository', 'revideo-project')
  .option('--tag <name>', 'what it is called', 'revideo-lambda')
  .option('--base-only', `only the base, ${BASE_TAG}`)
  .exitOverride();

try {
  await buildImages(program.parse().opts<ImageOptions>());
} catch (error) {
  const told = error instanceof CommanderError;
  if (!told)
    process.stderr.write(
      `${error instanceof Mistake ? error.message : ((error as {shortMessage?: string}).shortMessage ?? error)}\n`,
    );
  process.exitCode = told ? error.exitCode : 1;
}
