import {makeScene2D, Rect} from '@revideo/2d';
import {createRef, makeProject} from '@revideo/core';

const scene = makeScene2D('one', function* (view) {
  const box = createRef<Rect>();
  view.add(<Rect ref={box} size={30} fill={'#e13238'} />);
  yield* box().rotation(90, 0.5);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 30}},
});
