import {Audio, makeScene2D, Node, Rect, Video} from '@revideo/2d';
import {all, createRef, fadeTransition, makeProject, waitFor} from '@revideo/core';

/** What a node's own type keeps to itself, and scenes use nevertheless. */
const jump = (node: Video, seconds: number) => (node as unknown as {time(value: number): void}).time(seconds);

/** Clips: playing, half transparent, in a faded scene, jumping, in two sizes from one file; 24000/1001 fps. */
const first = makeScene2D('clips', function* (view) {
  const clip = createRef<Video>();
  const small = createRef<Video>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#203040'} />
      <Video ref={clip} src={'/clip.mp4'} size={[160, 90]} x={-80} play />
      <Node opacity={0.7}>
        <Rect size={[120, 70]} x={90} fill={'white'} />
        <Video ref={small} src={'/clip.mp4'} width={100} x={90} time={1} play />
      </Node>
      <Audio src={'/tone.mp3'} play />
    </>,
  );
  yield* all(clip().rotation(10, 0.5), waitFor(0.7));
  jump(clip(), 0.1);
  yield* waitFor(0.2);
  small().pause();
  yield* clip().x(0, 0.3);
});

const second = makeScene2D('more', function* (view) {
  view.add(<Video src={'/clip.webm'} size={[320, 180]} loop play playbackRate={1.5} />);
  yield* fadeTransition(0.3);
  yield* waitFor(0.7);
});

export default makeProject({
  scenes: [first, second],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 24000 / 1001}},
});
