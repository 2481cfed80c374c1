import {describe, expect, it} from 'vitest';
import {compiled, folderOf} from '../support/compiled.ts';

/** A film whose medium gets its address from a variable that nobody gave. */
const film = (node: string) => `
import {makeScene2D, Audio, Video} from '@revideo/2d';
import {makeProject, useScene, waitFor} from '@revideo/core';
const scene = makeScene2D('media', function* (view) {
  const address = useScene().variables.get('address', '')();
  yield view.add(${node});
  yield* waitFor(0.1);
});
export default makeProject({scenes: [scene], settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}}});
`;

// An <Img> without an address draws nothing, as in Revideo.
describe('A clip or sound whose address is empty ends the render with its name:', {timeout: 120_000}, () => {
  it.each([
    ['<Video src={address} />', '<Video>'],
    ['<Audio src={address} />', '<Audio>'],
  ])('%s', async (node, name) => {
    const renderer = await compiled(folderOf({'src/project.jsx': film(node)}));
    await expect(renderer.plan({}, {signal: AbortSignal.timeout(100_000)} as never)).rejects.toThrow(
      `The src of ${name} is empty.`,
    );
  });
});
