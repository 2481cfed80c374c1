import {makeProject} from '@revideo/core';
import {scene} from './scene';

/** Clips in a film of 30 frames a second. */
export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
