import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import type {RenderError} from '../../../src/base/errors.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const TWO_SCENES = `import {makeScene2D} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';

const first = makeScene2D('first', function* () {
  yield* waitFor(0.5);
});
const second = makeScene2D('second', function* () {
  yield* waitFor(0.5);
  throw new Error('the script ended early');
});
export default makeProject({scenes: [first, second], settings: {shared: {size: {x: 160, y: 90}}}});
`;

it('an error while a film is counted names the scene that is counted, not the first one', async () => {
  const project = throwAwayProject({scene: 'yield;'});
  writeFileSync(join(project, 'src/project.tsx'), TWO_SCENES);
  const renderer = revideoRenderer({project, cache: await throwAwayCache(), typeCheck: 'off'});
  onTestFinished(() => renderer.close());
  const signal = new AbortController().signal;
  const error = await renderer
    .plan({}, {directory: scratch(), signal})
    .catch((thrown: RenderError) => thrown);
  expect(error).toMatchObject({
    name: 'SceneFailed',
    message: expect.stringMatching(
      /^Frame \d+, scene "second": the script ended early \(src\/project\.tsx:9:9\)$/,
    ),
  });
});
