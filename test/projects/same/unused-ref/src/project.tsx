import {Layout, makeScene2D, Rect, Txt} from '@revideo/2d';
import {createRef, makeProject} from '@revideo/core';

const scene = makeScene2D('unused-ref', function* (view) {
  const box = createRef<Rect>();
  const caption = createRef<Txt>();
  const row = createRef<Layout>();
  view.add(<Layout ref={row} />);
  // Nobody reads these names: making the nodes is what sets the refs.
  const unusedBox = <Rect ref={box} size={30} fill={'#e13238'} />;
  const unusedCaption = <Txt ref={caption} text={'Here'} fontFamily={'Open Sans'} fontSize={20} fill={'#fff'} />;
  row().add(box());
  view.add(caption());
  yield* box().position.x(40, 0.4);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}, background: '#202020'}, rendering: {fps: 30}},
});
