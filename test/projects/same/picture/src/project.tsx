import {Img, makeScene2D} from '@revideo/2d';
import {all, createRef, makeProject} from '@revideo/core';

const scene = makeScene2D('picture', function* (view) {
  const picture = createRef<Img>();
  view.add(<Img ref={picture} src={'/picture.png'} width={120} />);
  yield* all(picture().rotation(15, 0.4), picture().scale(1.2, 0.4));
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 160, y: 90}, background: '#204060'}, rendering: {fps: 30}},
});
