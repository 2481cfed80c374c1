import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {draw} from '../../support/draw.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** Opens a project with scenes of these lengths in frames, each in a colour of its own; the code runs first in each. */
function open(lengths: readonly number[], before = ''): ReturnType<typeof revideoRenderer> {
  const project = throwAwayProject({scene: ''});
  const scenes = lengths.map(
    (frames, index) => `makeScene2D('scene ${index}', function* (view) {
      ${before}
      view.add(<Rect size={'100%'} fill={'hsl(${index * 60} 100% 50%)'} />);
      for (let frame = 0; frame < ${frames}; frame++) yield;
    })`,
  );
  writeFileSync(
    join(project, 'src/project.tsx'),
    `import {makeScene2D, Rect} from '@revideo/2d';
import {makeProject} from '@revideo/core';
const settings = {shared: {size: {x: 64, y: 36}}};
export default makeProject({scenes: [${scenes}], settings});`,
  );
  const renderer = revideoRenderer({project, cache: readConfig().cache, typeCheck: 'off'});
  onTestFinished(() => renderer.close());
  return renderer;
}

/** Which scene each frame shows, by what a film of that scene alone looks like. */
async function shown(renderer: ReturnType<typeof revideoRenderer>): Promise<number[]> {
  const {frames} = await renderer.plan(undefined, {
    directory: scratch(),
    signal: AbortSignal.timeout(60_000),
  });
  const look = ({hashes = []}: {hashes?: string[]}) => hashes;
  const hashes = (await draw(renderer, {start: 0, end: frames, frameHashes: true}, {look})) ?? [];
  const seen: string[] = [];
  return hashes.map((hash) => {
    if (!seen.includes(hash)) seen.push(hash);
    return seen.indexOf(hash);
  });
}

it.each<[lengths: number[], shown: number[]]>([
  [
    [3, 2],
    [0, 0, 0, 1, 1, 1],
  ],
  [
    [0, 0, 3, 0, 0, 2, 0],
    [0, 0, 0, 1, 1, 1],
  ],
  [[0], [0]],
])('scenes of %j frames: those without a length are passed over', async (lengths, expected) => {
  expect(await shown(open(lengths))).toEqual(expected);
});

it('scenes of which none has a length are an error', async () => {
  await expect(shown(open([0, 0]))).rejects.toMatchObject({
    name: 'SceneFailed',
    message: expect.stringContaining('None of the scenes has a length: "scene 0", "scene 1".'),
  });
});

it.each([
  ['shorter', 'if (window.plays > 6) return;'],
  ['longer', 'if (window.plays > 6) yield;'],
])(
  'a scene that is %s when it is played than when it was counted is an error with its name',
  async (_, change) => {
    const renderer = open([3, 2, 2], `window.plays = (window.plays ?? 0) + 1; ${change}`);
    await expect(shown(renderer)).rejects.toMatchObject({
      name: 'SceneFailed',
      message: expect.stringMatching(
        /Scene "scene \d" had \d frames when it was counted, and (?:\d|more) when it was played/,
      ),
    });
  },
);
