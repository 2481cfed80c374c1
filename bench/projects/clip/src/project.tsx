import {Audio, makeScene2D, Txt, Video} from '@revideo/2d';
import {createRef, makeProject, useScene, waitFor} from '@revideo/core';

/**
 * 30 s, or as many minutes as `minutes` says, with the clip over and over: a 720p clip that fills a 1080p frame, a music
 * track, and a text that grows.
 */
const scene = makeScene2D('clip', function* (view) {
  const title = createRef<Txt>();
  view.add(
    <>
      <Video src={'/clip.mp4'} size={['100%', '100%']} play={true} loop={true} />
      <Audio src={'/music.mp3'} play={true} />
      <Txt ref={title} text={'Side by side'} fontSize={60} fontFamily={'sans-serif'} fill={'white'} />
    </>,
  );
  yield* title().fontSize(140, 10);
  yield* waitFor(60 * useScene().variables.get('minutes', 0.5)() - 10);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 1920, y: 1080}}, rendering: {fps: 30}},
});
