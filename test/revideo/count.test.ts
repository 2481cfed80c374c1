import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {ALL_FORMATS, FilePathSource, Input} from 'mediabunny';
import {describe, expect, it} from 'vitest';
import {revideoRenderer} from '../../src/revideo/renderer.ts';
import {scratch} from '../support/processes.ts';
import {PROJECTS} from '../support/project-media.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../support/throw-away-project.ts';

const RENDER_VIDEO = fileURLToPath(new URL('../../bench/sides/render-video.ts', import.meta.url));

/** Frames by our plan. */
async function planned(project: string): Promise<number> {
  const cache = await throwAwayCache();
  const renderer = revideoRenderer({project, cache});
  try {
    const signal = AbortSignal.timeout(60_000);
    return (await renderer.plan({}, {directory: scratch(), signal})).frames;
  } finally {
    await renderer.close();
  }
}

/** Frames that Revideo's renderVideo writes with one worker. */
async function written(project: string): Promise<number> {
  const [cache, work] = [await throwAwayCache(), scratch()];
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
    const project = throwAwayProject({...film, packages: true});
    expect([await planned(project), await written(project)]).toEqual([frames, frames]);
  });

  // Revideo draws two at least, of which the second is one too many.
  it('but for films of one frame', async () => {
    const project = throwAwayProject({scene: '', packages: true});
    expect([await planned(project), await written(project)]).toEqual([1, 2]);
  });
});
