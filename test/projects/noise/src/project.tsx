import {Layout, makeScene2D} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';

const [WIDTH, HEIGHT, BLOCK] = [1920, 1080, 6];

/** Blocks of colours by chance, others in every frame: a few frames of it take more bytes than one request has. */
class Noise extends Layout {
  protected override async draw(context: CanvasRenderingContext2D): Promise<void> {
    let seed = Math.round(this.view().globalTime() * 1000) + 1;
    for (let x = 0; x < WIDTH; x += BLOCK)
      for (let y = 0; y < HEIGHT; y += BLOCK) {
        // Numerical Recipes' generator: the same for the same frame, whoever draws it.
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        context.fillStyle = `#${(seed >>> 8).toString(16).padStart(6, '0')}`;
        context.fillRect(x - WIDTH / 2, y - HEIGHT / 2, BLOCK, BLOCK);
      }
  }
}

const scene = makeScene2D('noise', function* (view) {
  view.add(<Noise />);
  yield* waitFor(1);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: WIDTH, y: HEIGHT}}, rendering: {fps: 30}},
});
