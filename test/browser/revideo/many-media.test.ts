import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {ffmpeg} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** Chromium allows 1000. */
const COUNT = 1_010;

/** Each has an address of its own, so that nothing is shared. */
const SCENE = `
  for (let n = 0; n < ${COUNT}; n++) view.add(<Audio src={'/pop.wav?' + n} play />);
  const clip = createRef<Video>();
  view.add(<Video ref={clip} src={'/clip.mp4'} width={32} play />);
  yield;
  // A clip without its player keeps its duration and its shape.
  view.add(<Circle size={() => clip().getDuration() * clip().height()} />);
  yield* waitFor(0.1);`;

it('more sounds than a page may have players are heard', async () => {
  const before = "import {Audio, Video} from '@revideo/2d';";
  const project = throwAwayProject({before, scene: SCENE});
  const shared = join(project, 'public');
  mkdirSync(shared);
  const sine = ['-f', 'lavfi', '-i', 'sine=duration=0.05:sample_rate=48000'];
  await ffmpeg(...sine, join(shared, 'pop.wav'));
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=30:duration=0.5', '-pix_fmt', 'yuv420p'];
  await ffmpeg(...picture, '-c:v', 'libx264', join(shared, 'clip.mp4'));
  const renderer = revideoRenderer({project, cache: readConfig().cache, typeCheck: 'off'});
  onTestFinished(() => renderer.close());
  const plan = await renderer.plan(undefined, {directory: scratch(), signal: AbortSignal.timeout(120_000)});
  const heard = new Set(plan.sounds.map(({src}) => src).filter((src) => src.includes('pop.wav')));
  expect(heard.size).toBe(COUNT);
});
