import './order';
import {makeProject} from '@revideo/core';
import scene from './scenes/facts?scene';

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}, range: [0, 0.3]}, rendering: {fps: 30}},
});
