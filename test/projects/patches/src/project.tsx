import {makeScene2D, Rect} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';

/** 6 x 6 x 6 colours, in 18 columns and 12 rows of flat patches, each 64 pixels wide and high. */
const LEVELS = [0, 51, 102, 153, 204, 255];
const COLUMNS = 18;
const PATCH = 64;

const scene = makeScene2D('patches', function* (view) {
  const colours = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => [red, green, blue])));
  view.add(
    <>
      {colours.map((colour, index) => (
        <Rect
          size={PATCH}
          fill={`rgb(${colour.join(',')})`}
          x={(index % COLUMNS) * PATCH + PATCH / 2 - 576}
          y={Math.floor(index / COLUMNS) * PATCH + PATCH / 2 - 384}
        />
      ))}
    </>,
  );
  yield* waitFor(0.3);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 1152, y: 768}}, rendering: {fps: 30}},
});
