import {Layout, makeScene2D, Rect, Txt} from '@revideo/2d';
import {createRef, makeProject, waitFor} from '@revideo/core';
import './fonts.css';

/** Asked for by the first text that uses it, like the one of the style sheet: nothing loads it before. */
document.fonts.add(new FontFace('Module', 'url(/module.woff)'));

/** Said aloud: a font that cannot be had would be replaced in every chunk alike. */
const paper = () => {
  const failed = [...document.fonts].filter(({status}) => status === 'error');
  if (failed.length > 0) throw new Error(`Fonts that did not load: ${failed.map(({family}) => family)}`);
  return '#182030';
};

/** Flex layout, wrapped text and web fonts that arrive three ways; a bar measured from text that was never drawn. */
const scene = makeScene2D('text', function* (view) {
  const title = createRef<Txt>();
  const bar = createRef<Rect>();
  const column = createRef<Layout>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={paper} />
      <Layout ref={column} layout direction={'column'} alignItems={'start'} gap={6} padding={10} width={320} height={180}>
        <Txt ref={title} text={'Wider in its font'} fontFamily={'Sheet, serif'} fontSize={26} fill={'white'} />
        <Rect fill={'#3366aa'} padding={6} radius={4} width={260}>
          <Txt
            text={'A paragraph that wraps where its words end, not where a fallback would have them end.'}
            fontFamily={'Module, monospace'}
            fontSize={13}
            fill={'#ffdd88'}
            textWrap
          />
        </Rect>
      </Layout>
      <Rect ref={bar} height={4} y={-40} fill={'#ff6644'} />
    </>,
  );
  // Measured in the first step, before any frame was drawn and any font was there.
  bar().width(title().width());
  yield* bar().rotation(10, 0.4);
  const late = new FontFace('Late', 'url(/late.woff)');
  document.fonts.add(late);
  yield late.load();
  const more = createRef<Txt>();
  column().add(<Txt ref={more} text={'Late, but right'} fontFamily={'Late'} fontSize={20} fill={'#88ffcc'} />);
  yield* bar().width(more().width(), 0.3);
  yield* waitFor(0.2);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
