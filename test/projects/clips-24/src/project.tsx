import {makeProject} from '@revideo/core';
import {scene} from '../../clips/src/scene';

/** The same clips in a film of 24000/1001 frames a second. */
export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 24000 / 1001}},
});
