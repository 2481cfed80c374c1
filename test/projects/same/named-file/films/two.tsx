import {makeScene2D, Rect} from '@revideo/2d';
import {createRef, makeProject} from '@revideo/core';

const scene = makeScene2D('two', function* (view) {
  const box = createRef<Rect>();
  view.add(<Rect ref={box} size={30} fill={'#f5c542'} />);
  yield* box().rotation(45, 0.5);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 30}},
});
