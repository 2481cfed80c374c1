import {makeProject} from '@revideo/core';
import scene from './scene';

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}, range: [0, 0.6]}, rendering: {fps: 30}},
});
