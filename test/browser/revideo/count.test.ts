import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {ALL_FORMATS, FilePathSource, Input} from 'mediabunny';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {scratch} from '../../support/processes.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const RENDER_VIDEO = fileURLToPath(new URL('../../../bench/sides/render-video.ts', import.meta.url));

/** One for all films, at one path: Vite prepares Revideo's packages once, which takes longer than a film. */
let folder = '';
let cache = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'count-'));
  cache = await throwAwayCache(join(folder, 'cache'));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** Writes a project in the place of the one before. */
async function writeProject(film: ThrowAwayProject): Promise<string> {
  const project = join(folder, 'film');
  await rm(project, {recursive: true, force: true});
  await mkdir(project);
  return throwAwayProject({...film, folder: project, packages: true});
}

/** Frames by our plan. */
async function planned(project: string): Promise<number> {
  const renderer = revideoRenderer({project, cache, typeCheck: 'off'});
  try {
    const signal = AbortSignal.timeout(60_000);
    return (await renderer.plan({}, {directory: scratch(), signal})).frames;
  } finally {
    await renderer.close();
  }
}

/** Frames that Revideo's renderVideo writes with one worker. */
async function written(project: string): Promise<number> {
  const work = scratch();
  const {stdout} = await execaNode(RENDER_VIDEO, [cache, project, work], {
    env: {DISABLE_TELEMETRY: 'true'},
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  const {film} = JSON.parse(stdout.split('\n').at(-1) ?? '') as {film: string};
  using input = new Input({source: new FilePathSource(film), formats: ALL_FORMATS});
  const track = await input.getPrimaryVideoTrack();
  return (await track?.computePacketStats())?.packetCount ?? 0;
}

const WAITS = 'yield* waitFor(0.51); yield* waitFor(0.33); yield* waitFor(0.27);';
/** Counts frames, not seconds: another length at another rate. */
const STEPS = 'for (let frame = 0; frame < 50; frame++) yield;';
const LONG = 'yield* waitFor(3);';

const FILMS: (ThrowAwayProject & {frames: number})[] = [
  {fps: 24, scene: WAITS, frames: 27},
  {fps: 25, scene: WAITS, frames: 28},
  {fps: 30, scene: WAITS, frames: 34},
  {fps: 60, scene: WAITS, frames: 67},
  {fps: 24, scene: STEPS, frames: 41},
  {fps: 25, scene: STEPS, frames: 43},
  {fps: 30, scene: STEPS, frames: 51},
  {fps: 60, scene: STEPS, frames: 51},
  {fps: 24, scene: LONG, range: [0.51, 1.23], frames: 18},
  {fps: 25, scene: LONG, range: [0.51, 1.23], frames: 18},
  {fps: 30, scene: LONG, range: [0.51, 1.23], frames: 22},
  {fps: 60, scene: LONG, range: [0.51, 1.23], frames: 43},
  {fps: 60, scene: 'yield* waitFor(0.5);', range: [0.2, 9], frames: 19},
];

describe('The number of frames is the one that renderVideo writes', () => {
  it('of the shapes', async () => {
    const project = join(PROJECTS, 'shapes');
    expect([await planned(project), await written(project)]).toEqual([61, 61]);
  });

  it.each(FILMS)('of $scene at $fps frames a second, range $range', async ({frames, ...film}) => {
    const project = await writeProject(film);
    expect([await planned(project), await written(project)]).toEqual([frames, frames]);
  });

  // Revideo draws two at least, of which the second is one too many.
  it('but for films of one frame', async () => {
    const project = await writeProject({scene: ''});
    expect([await planned(project), await written(project)]).toEqual([1, 2]);
  });
});
