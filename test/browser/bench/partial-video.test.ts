import {readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {expect, it, onTestFinished} from 'vitest';
import {partialVideoRenderer} from '../../../bench/partial-video/renderer.ts';
import {countFrames} from '../../../bench/same/pictures.ts';
import {ENCODINGS} from '../../../src/model/quality.ts';
import {readStream} from '../../support/annex-b.ts';
import {draw} from '../../support/draw.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const RUN = fileURLToPath(new URL('../../../bench/partial-video/run.ts', import.meta.url));

it('the command renders a film with the picture of renderPartialVideo', async () => {
  const variables = {seconds: 0.5};
  const project = throwAwayProject({scene: "yield* waitFor(useScene().variables.get('seconds', 9)());"});
  const out = join(scratch(), 'film.mp4');
  const {stdout} = await execaNode(
    RUN,
    [project, '--variables', JSON.stringify(variables), '--out', out, '--workers', '2'],
    {env: {REVIDEO_CACHE: await throwAwayCache(), REVIDEO_TYPE_CHECK: 'off'}, stdin: 'ignore'},
  );
  expect(stdout).toMatch(/film\.mp4: 16 frames, 1 workers?$/);
  expect(await countFrames(out)).toBe(16);
});

it('draws exactly the frames that are asked for, and writes nothing into the project', async () => {
  const project = throwAwayProject({scene: 'yield* waitFor(0.5);', fps: 60, range: [0.1, 0.3]});
  const before = readdirSync(project, {recursive: true});
  const renderer = partialVideoRenderer({project, cache: await throwAwayCache(), typeCheck: 'off'});
  onTestFinished(() => renderer.close());
  // Revideo's own cut begins at a thirtieth of a second only: never with an odd frame of 60 a second.
  const look = async ({path}: {path: string}) => readStream(await readFile(path)).frames;
  expect(await draw(renderer, {start: 5, end: 8}, {look})).toBe(3);
  expect(readdirSync(project, {recursive: true})).toEqual(before);
  await expect(draw(renderer, {start: 0, end: 2, frameHashes: true})).rejects.toMatchObject({
    name: 'BadSetting',
  });
  await expect(draw(renderer, {start: 0, end: 2, encoding: ENCODINGS.best})).rejects.toMatchObject({
    name: 'BadSetting',
  });
});
