import {Audio, makeScene2D, Rect} from '@revideo/2d';
import {createRef, makeProject, waitFor} from '@revideo/core';

const scene = makeScene2D('sound', function* (view) {
  const rect = createRef<Rect>();
  view.add(
    <>
      <Rect ref={rect} size={30} fill={'#f5c542'} x={-50} />
      <Audio src={'/sweep.wav'} play={true} />
    </>,
  );
  yield* rect().position.x(50, 0.5);
  yield* waitFor(0.2);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}, background: '#000'}, rendering: {fps: 30}},
});
