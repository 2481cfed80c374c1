import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Command} from 'commander';
import {execaNode} from 'execa';
import {readConfig} from '../../src/apps/config.ts';
import type {FullResult} from '../../src/model/result.ts';
import {findProject} from '../../src/renderers/revideo/project.ts';
import {comparePictures, countFrames} from './pictures.ts';
import {renderByRevideo} from './revideo.ts';
import {compareSounds} from './sounds.ts';
import {differentFrames, loudnessDifferences} from './verdict.ts';

/** Renders a project with 5 workers and with Revideo's own `renderVideo`, compares the films, and prints what differs. */
const command = new Command('node bench/same/run.ts')
  .description("Compares a project's film with the one that Revideo's own renderVideo makes of it.")
  .argument('<project>', 'its folder, or its project file; it needs its own node_modules')
  .option('--variables <json>', "in place of the project's own")
  .option('--seconds <n>', 'compare only this many seconds from the start (default: all)', Number)
  .parse();
const [named = '.'] = command.args;
const options = command.opts<{variables?: string; seconds?: number}>();
const variables: Record<string, unknown> | undefined = options.variables && JSON.parse(options.variables);

const main = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url));
const {folder, file} = await findProject(named);
const work = await mkdtemp(join(tmpdir(), 'revideo-lambda-same-'));
try {
  const storage = join(work, 'storage');
  const {stdout} = await execaNode(
    main,
    [
      ...['render', '--project', resolve(named), '--workers', '5', '--storage', storage, '--json', '--quiet'],
      ...(variables ? ['--variables', JSON.stringify(variables)] : []),
    ],
    {stdin: 'ignore', stderr: 2},
  );
  const ours = JSON.parse(stdout) as FullResult;
  const theirs = await renderByRevideo(
    folder,
    {
      projectFile: relative(folder, file),
      ...(variables && {variables}),
      ...(options.seconds && {projectSettings: {range: [0, options.seconds]}}),
    },
    {cache: readConfig().cache, work, timeout: 600_000},
  );
  const film = join(storage, ours.key);
  const pictures = await comparePictures(theirs, film);
  const report = {
    frames: {ours: ours.frames, theirs: await countFrames(theirs), compared: pictures.length},
    leastDecibels: Math.min(999, ...pictures.map(({decibels}) => decibels)),
    differentFrames: differentFrames(pictures),
    sound: loudnessDifferences(await compareSounds(theirs, film, options.seconds)),
    warnings: ours.warnings,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await rm(work, {recursive: true, force: true});
}
