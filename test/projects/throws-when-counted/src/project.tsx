import {makeScene2D} from '@revideo/2d';
import {makeProject} from '@revideo/core';

/** Cannot even be counted: its code throws at frame 40. */
const scene = makeScene2D('broken', function* () {
  for (let frame = 0; frame < 60; frame++) {
    if (frame === 40) throw new Error('the script ended early');
    yield;
  }
});

export default makeProject({scenes: [scene], settings: {shared: {size: {x: 160, y: 90}}}});
