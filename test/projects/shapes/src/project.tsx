import {Circle, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, createRef, makeProject, useScene} from '@revideo/core';

/** Two seconds of moving shapes and a text: small, silent, quick to draw. */
const scene = makeScene2D('shapes', function* (view) {
  const message = useScene().variables.get('message', 'Hello World!')();
  const circle = createRef<Circle>();
  const square = createRef<Rect>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#204060'} />
      <Circle ref={circle} size={40} x={-100} fill={'#ffcc33'} />
      <Rect ref={square} size={30} fill={'#cc3366'} />
      <Txt text={message} fontSize={18} y={50} fill={'white'} />
    </>,
  );
  yield* all(circle().x(100, 2), square().rotation(360, 2));
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
