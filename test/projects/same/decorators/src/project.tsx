import {makeScene2D} from '@revideo/2d';
import {createRef, makeProject} from '@revideo/core';
import {Dial} from './dial';

const scene = makeScene2D('decorators', function* (view) {
  const dial = createRef<Dial>();
  view.add(<Dial ref={dial} y={-20} level={0.1} />);
  view.add(<Dial y={20} />);
  yield* dial().level(1, 0.5);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 30}},
});
