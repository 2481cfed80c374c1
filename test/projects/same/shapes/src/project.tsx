import {Circle, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, createRef, makeProject, useScene} from '@revideo/core';

const scene = makeScene2D('shapes', function* (view) {
  const circle = createRef<Circle>();
  const text = createRef<Txt>();
  const message = useScene().variables.get('message', 'Ninety');
  view.fill('#18222e');
  view.add(
    <>
      <Rect width={60} height={30} x={-45} y={20} fill={'#e13238'} radius={6} />
      <Circle ref={circle} size={24} x={-50} y={-20} fill={'#f5c542'} />
      <Txt ref={text} text={message()} fontFamily={'Open Sans'} fontSize={20} y={-20} x={30} fill={'#fff'} />
    </>,
  );
  yield* all(circle().position.x(50, 0.4), text().opacity(0.2, 0.4), text().rotation(20, 0.4));
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 30}},
});
