import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {localHandler} from '../../src/apps/cli/local.ts';
import type {FullResult} from '../../src/model/result.ts';
import {writeBundle} from '../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../src/renderers/revideo/project.ts';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {drawChunk} from './draw-chunk.ts';
import {LOOPBACK} from './loopback.ts';

const NEEDS = z.strictObject({
  /** The project file, from the project's folder, if it is not `src/project.tsx`, which Revideo assumes. */
  projectFile: z.string().optional(),
  /** Whether ours is given the file, too, and has not to find it in the folder. */
  named: z.boolean().default(false),
  /** The variables of both; left out, the project's own stay. */
  variables: z.record(z.string(), z.json()).optional(),
  /** The allowed differences from Revideo's own film, with reasons. */
  differs: z
    .strictObject({frames: z.string(), pictures: z.string(), sound: z.string()})
    .partial()
    .default({}),
});

/** The content of a project's `expected.json`. */
export type Expected = z.infer<typeof NEEDS>;

/** Reads a project's `expected.json`; without one nothing is needed and nothing may differ. */
export async function readExpected(folder: string): Promise<Expected> {
  const text = await readFile(join(folder, 'expected.json'), 'utf8').catch(() => '{}');
  return NEEDS.parse(JSON.parse(text));
}

/** A film of ours. */
export interface OurFilm {
  path: string;
  frames: number;
  /** SHA-256 of every frame's pixels before they are encoded. */
  hashes: string[];
}

/** Renders a project through the real handler on this machine, once for each number of workers. */
export async function renderOurs(
  project: string,
  {
    variables,
    workers,
    storage,
  }: {variables: Expected['variables']; workers: readonly number[]; storage: string},
): Promise<OurFilm[]> {
  const {handler, close} = await localHandler({project, out: storage, concurrency: 2});
  try {
    const films: OurFilm[] = [];
    for (const numWorkers of workers) {
      const film = {jobType: 'fullRender', jobId: `workers-${numWorkers}`, quality: 'best'};
      const event = {...film, numWorkers, frameHashes: true, ...(variables && {variables})};
      const {key, hashesKey = '', frames} = (await handler(event)) as FullResult;
      const hashes = JSON.parse(await readFile(join(storage, hashesKey), 'utf8')) as string[];
      films.push({path: join(storage, key), frames, hashes});
    }
    return films;
  } finally {
    await close();
  }
}

/** Compiles a project as an image has it, and draws it from there in one chunk. Returns its frames' hashes. */
export async function renderCompiled(
  project: string,
  {variables, folder, cache}: {variables: Expected['variables']; folder: string; cache: string},
): Promise<string[]> {
  const bundle = join(folder, 'compiled');
  await writeBundle(await findProject(project), {folder: bundle, cache});
  const renderer = revideoRenderer({project: '', bundle, cache, privateHosts: LOOPBACK});
  try {
    const options = {directory: folder, signal: AbortSignal.timeout(120_000)};
    const {frames} = await renderer.plan(variables, options);
    const chunk = {start: 0, end: frames, variables, frameHashes: true};
    return (await drawChunk(renderer, chunk, options)).hashes ?? [];
  } finally {
    await renderer.close();
  }
}
