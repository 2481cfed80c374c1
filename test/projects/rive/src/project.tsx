import {makeScene2D, Rect, Rive} from '@revideo/2d';
import {createRef, makeProject} from '@revideo/core';

/** An animation that Rive's own player draws: it moves by what has passed since it was drawn last. */
const scene = makeScene2D('rive', function* (view) {
  const rive = createRef<Rive>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#402030'} />
      <Rive ref={rive} src={'/square.riv'} size={[160, 160]} />
    </>,
  );
  yield* rive().x(60, 1);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
