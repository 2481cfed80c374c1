import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {Command} from 'commander';
import {execa} from 'execa';
import {refuseWrongUsage} from '../src/apps/cli/wrong-usage.ts';
import {RenderError} from '../src/base/errors.ts';
import {runCommand} from './command.ts';
import {openContext} from './context.ts';
import {bringIn, buildArguments} from './project.ts';
import {BASE_IMAGE, commandName, DEFAULT_PROJECT, usageName} from './root.ts';

/** Programs that can build an image, in order of preference. */
const TOOLS = ['docker', 'podman', 'buildah'] as const;

/** The options of `npm run image`. */
interface ImageOptions {
  tool?: string;
  base: string;
  project: string;
  tag: string;
  ffmpeg: string;
  baseOnly?: true;
}

async function buildImages({base, project, tag, ffmpeg, baseOnly, ...options}: ImageOptions): Promise<void> {
  const {root, close} = openContext();
  try {
    const named = baseOnly ? project : await bringIn(project, {root});
    const tool = await findTool(options.tool);
    const args = {BASE: base, FFMPEG: ffmpeg};
    await buildImage(tool, {root, file: 'Dockerfile.base', tag: BASE_IMAGE, args});
    if (baseOnly) return;
    await buildImage(tool, {root, file: 'Dockerfile', tag, args: buildArguments(named, {root})});
  } finally {
    close();
  }
  process.stderr.write(`The image ${tag} is built. \`${commandName('deploy')}\` brings it to AWS.\n`);
}

async function findTool(chosen: string | undefined): Promise<string> {
  for (const tool of chosen ? [chosen] : TOOLS) {
    // Docker's command may be there without its daemon.
    const {failed} = await execa(tool, ['info'], {reject: false, stdio: 'ignore'});
    if (!failed) return tool;
  }
  const tried = chosen ? `--tool is ${chosen}, which does not work` : `None of ${TOOLS.join(', ')} works`;
  throw new RenderError('ToolMissing', `${tried} here (\`<tool> info\` fails). Install or start it.`);
}

async function buildImage(
  tool: string,
  {root, file, tag, args}: {root: string; file: string; tag: string; args: Record<string, string>},
): Promise<void> {
  const npmrc = join(homedir(), '.npmrc');
  await execa(
    tool,
    [
      'build',
      ...['--platform', 'linux/amd64', '--file', file, '--tag', tag],
      // Lambda refuses an image index, which attestations would make of it, and OCI's own manifests are younger.
      ...(/(podman|buildah)$/.test(tool) ? ['--format', 'docker'] : ['--provenance=false', '--load']),
      // A user behind a mirror configures it in that file.
      ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      '.',
    ],
    {cwd: root, stdio: ['ignore', 2, 2]},
  );
}

const program = new Command(usageName('image'))
  .description(
    'Builds the container image for AWS Lambda (linux/amd64): Dockerfile.base, then Dockerfile on it.',
  )
  .option('--tool <program>', `what builds it (default: the first of ${TOOLS.join(', ')} that works here)`)
  .option('--base <image>', 'what it is based on', 'public.ecr.aws/lambda/nodejs:24')
  .option('--project <path>', 'the Revideo project: its folder, or its project file', DEFAULT_PROJECT)
  .option('--tag <name>', 'what it is called', 'revideo-lambda')
  .option('--ffmpeg <package>', 'the npm package that ffmpeg is from', 'ffmpeg-static')
  .option('--base-only', `only the base, ${BASE_IMAGE}`);
refuseWrongUsage(program);

await runCommand(() => buildImages(program.parse().opts<ImageOptions>()));
