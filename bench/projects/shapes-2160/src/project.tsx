import {makeProject} from '@revideo/core';
import {scene} from '../../shapes/src/scene.tsx';

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 3840, y: 2160}}, rendering: {fps: 30}},
});
