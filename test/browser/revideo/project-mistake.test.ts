import {describe, expect, it} from 'vitest';
import {compiled, folderOf} from '../../support/compiled.ts';

const film = (scene: string) => `
import {makeScene2D} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';
const play = function* () {
  yield* waitFor(0.1);
};
export default makeProject({
  scenes: [makeScene2D('first', play), ${scene}],
  settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}},
});
`;

describe('A project with something else in the place of a scene is refused:', {timeout: 120_000}, () => {
  it.each([
    ['makeScene2D(play)', 'Scene 2 of the project has no name, as before Revideo 0.10.'],
    ['undefined', 'Scene 2 of the project is not a scene.'],
    ['play', 'Scene 2 of the project is not a scene.'],
  ])('%s', async (scene, message) => {
    const renderer = await compiled(folderOf({'src/project.jsx': film(scene)}));
    const error = renderer.plan({}, {signal: AbortSignal.timeout(100_000)} as never);
    await expect(error).rejects.toMatchObject({
      name: 'ProjectBroken',
      message: expect.stringContaining(message),
    });
  });
});
