import {makeProject} from '@revideo/core';
import {scene} from './scene.tsx';

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 1920, y: 1080}}, rendering: {fps: 30}},
});
