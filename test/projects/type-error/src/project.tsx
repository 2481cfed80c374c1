import {makeScene2D, Txt} from '@revideo/2d';
import {makeProject} from '@revideo/core';

const scene = makeScene2D('scene', function* (view) {
  view.add(<Txt text={'hello'} fontSizes={40} />);
  yield;
});

export default makeProject({scenes: [scene]});
