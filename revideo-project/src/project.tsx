import {makeProject} from '@revideo/core';
import {scene} from './scene.tsx';

export default makeProject({
  scenes: [scene],
  settings: {
    shared: {size: {x: 1280, y: 720}},
    rendering: {fps: 30},
  },
});
