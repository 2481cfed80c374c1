import {Img, Latex, makeScene2D, Node, Rect, Txt} from '@revideo/2d';
import {all, createRef, makeProject, useScene, waitFor} from '@revideo/core';

/** A font, pictures and data from another server, which may take its time: none of it is waited for by the scene. */
const scene = makeScene2D('slow', function* (view) {
  const origin = String(useScene().variables.get('origin', '')());
  if (![...document.fonts].some(({family}) => family === 'Slow')) {
    document.fonts.add(new FontFace('Slow', `url(${origin}/font.woff)`));
    document.fonts.add(new FontFace('Slower', `url(${origin}/other.woff)`));
  }
  const title = createRef<Txt>();
  const bar = createRef<Rect>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#203040'} />
      <Txt ref={title} text={'Slow and steady'} fontFamily={'Slow, serif'} fontSize={24} y={-70} fill={'white'} />
      <Rect ref={bar} height={5} y={-50} fill={'#ff8844'} />
      <Img src={`${origin}/one.png`} width={60} position={[-100, 0]} />
      <Node opacity={0.5}>
        <Rect size={70} position={[100, 0]} fill={'#444444'} />
        <Img src={`${origin}/two.png`} width={60} position={[100, 0]} />
      </Node>
      <Rect layout padding={5} fill={'#335577'} y={60}>
        <Txt text={'Drawn, never measured'} fontFamily={'Slower, serif'} fontSize={16} fill={'#ffff88'} />
      </Rect>
      <Latex tex={'{\\color{white} e^{i\\pi}}'} height={24} />
    </>,
  );
  bar().width(title().width());
  yield* waitFor(0.2);
  const answer = yield fetch(`${origin}/numbers.json`).then((response) => response.json());
  const {x} = answer as unknown as {x: number};
  // Measured again: what a wrong font would say here goes into every later frame.
  yield* all(bar().x(x, 0.2), bar().width(title().width() / 2, 0.2));
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
