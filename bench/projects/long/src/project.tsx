import {Circle, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, createRef, linear, makeProject, useScene} from '@revideo/core';

/** 10 minutes, or as many as `minutes` says, so that its last chunk has a long way behind it. */
const scene = makeScene2D('long', function* (view) {
  const circle = createRef<Circle>();
  const clock = createRef<Txt>();
  view.add(
    <Rect size={['100%', '100%']} fill={'#204060'}>
      <Circle ref={circle} size={300} x={-700} fill={'#ffcc33'} />
      <Txt ref={clock} text={'0'} fontSize={120} fontFamily={'sans-serif'} fill={'white'} />
    </Rect>,
  );
  const minutes: number = useScene().variables.get('minutes', 10)();
  for (let minute = 0; minute < minutes; minute++) {
    // Of a last minute that is not whole, the seconds that are left.
    const seconds = 60 * Math.min(1, minutes - minute);
    yield* all(
      circle().x(minute % 2 ? -700 : 700, seconds, linear),
      clock().text(`${minute + 1} min`, seconds),
    );
  }
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 1920, y: 1080}}, rendering: {fps: 30}},
});
