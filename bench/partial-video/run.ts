import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Command} from 'commander';
import {readConfig} from '../../src/apps/config.ts';
import {createHandler} from '../../src/apps/handler/handler.ts';
import type {Engine} from '../../src/engines/engine.ts';
import type {FullResult, PartialResult} from '../../src/model/result.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {partialVideoRenderer} from './renderer.ts';

/** Renders a project as our job does, but every chunk's picture with Revideo's own renderPartialVideo. */
const command = new Command('node bench/partial-video/run.ts')
  .description("Renders a film whose picture is drawn by Revideo's own renderPartialVideo.")
  .argument('<project>', 'its folder, or its project file; it must be one that you trust')
  .option('--workers <n>', 'number of chunks', Number, 1)
  .option('--variables <json>', "in place of the project's own")
  .option('--out <file>', 'where the film is written', 'film.mp4')
  .parse();
const [project = '.'] = command.args;
const {workers, variables, out} = command.opts<{workers: number; variables?: string; out: string}>();

const {cache, typeCheck, privateHosts} = readConfig();
const work = await mkdtemp(join(tmpdir(), 'revideo-lambda-partial-video-'));
const renderer = partialVideoRenderer({project: resolve(project), cache, typeCheck, privateHosts});
const engine: Engine = {
  name: 'inline',
  traits: {isolated: false, stops: true, progress: 'callback'},
  capacity: () => 1,
  run: async (order) => (await handler(order)) as PartialResult,
  close: async () => {},
};
const handler = createHandler({renderer, engine, storage: directoryStorage({root: work})});
try {
  const event = {jobType: 'fullRender', numWorkers: workers, quality: 'cheapest'};
  const film = (await handler({
    ...event,
    ...(variables && {variables: JSON.parse(variables)}),
  })) as FullResult;
  await copyFile(join(work, film.key), out);
  process.stdout.write(`${out}: ${film.frames} frames, ${film.workers} workers\n`);
} finally {
  await renderer.close();
  await rm(work, {recursive: true, force: true, maxRetries: 5});
}
