import {Audio, makeScene2D, Txt, Video} from '@revideo/2d';
import {createRef, makeProject, waitFor} from '@revideo/core';

/** 30 s: a 720p clip that fills a 1080p frame, a music track, and a text that grows. */
const scene = makeScene2D('clip', function* (view) {
  const title = createRef<Txt>();
  view.add(
    <>
      <Video src={'/clip.mp4'} size={['100%', '100%']} play={true} />
      <Audio src={'/music.mp3'} play={true} />
      <Txt ref={title} text={'Side by side'} fontSize={60} fontFamily={'sans-serif'} fill={'white'} />
    </>,
  );
  yield* title().fontSize(140, 10);
  yield* waitFor(20);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 1920, y: 1080}}, rendering: {fps: 30}},
});
