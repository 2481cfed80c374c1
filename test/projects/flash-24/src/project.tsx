import {makeProject} from '@revideo/core';
import {scenes} from '../../flash/src/scenes';

/** Flashes and clicks in a film of 24 frames a second. */
export default makeProject({
  scenes,
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 24}},
});
