import {Audio, Layout, makeScene2D, Rect, Txt, Video} from '@revideo/2d';
import {all, createRef, easeOutCubic, useScene, waitFor} from '@revideo/core';

/** A clip, music, and from the first second on a text that grows: the variable `message`. About 10 s. */
export const scene = makeScene2D('scene', function* (view) {
  const message = String(useScene().variables.get('message', 'Hello World!')());
  // From 64 letters on the text stays smaller, so that all its lines fit into the frame.
  const fontSize = Math.min(100, 800 / Math.sqrt(message.length));
  const text = createRef<Txt>();
  const line = createRef<Rect>();

  yield view.add(
    <>
      <Video src={'/clip.mp4'} size={['100%', '100%']} play={true} />
      <Audio src={'/music.mp3'} play={true} />
    </>,
  );
  yield* waitFor(1);

  yield view.add(
    <Layout layout direction={'column'} alignItems={'center'} gap={32}>
      <Txt
        ref={text}
        text={message}
        fontFamily={'sans-serif'}
        fontWeight={700}
        fontSize={fontSize / 2}
        lineHeight={'120%'}
        fill={'white'}
        shadowColor={'#00000080'}
        shadowBlur={30}
        opacity={0}
        textAlign={'center'}
        textWrap
        // Grows with the text, so that the lines break at the same words from first to last.
        maxWidth={() => (text().fontSize() / fontSize) * 1040}
      />
      <Rect ref={line} height={4} width={0} radius={2} fill={'#ffb38a'} />
    </Layout>,
  );
  // A word that is longer than a line breaks too.
  text().element.style.overflowWrap = 'anywhere';

  yield* all(text().opacity(1, 1, easeOutCubic), text().fontSize(fontSize, 4), line().width(160, 4));
  yield* waitFor(5);
});
