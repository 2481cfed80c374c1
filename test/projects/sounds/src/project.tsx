import {Audio, makeScene2D, Rect, Video, type View2D} from '@revideo/2d';
import {createRef, makeProject, type ThreadGenerator, tween, useScene, waitFor} from '@revideo/core';
import {addClock} from '../../clips/src/clock';

/** One scene for each way a sound may go; each node's time is written into the picture, in a row of its own. */
const CASES: Record<string, (view: View2D) => ThreadGenerator> = {
  *plain(view) {
    audio(view, 0, {src: '/clicks.wav'});
    yield* waitFor(2);
  },
  *volume(view) {
    const node = audio(view, 0, {src: '/clicks.wav', volume: 0.5});
    yield* waitFor(0.9);
    node.setVolume(1);
    yield* waitFor(0.8);
    node.setVolume(0);
    yield* waitFor(0.8);
    node.setVolume(0.25);
    yield* waitFor(0.5);
  },
  *faster(view) {
    audio(view, 0, {src: '/clicks.wav', playbackRate: 2});
    yield* waitFor(1.5);
  },
  *slower(view) {
    audio(view, 0, {src: '/clicks.wav', playbackRate: 0.5});
    yield* waitFor(2.8);
  },
  *trim(view) {
    audio(view, 0, {src: '/clicks.wav', time: 1.23});
    yield* waitFor(1.5);
  },
  *pause(view) {
    const node = audio(view, 0, {src: '/clicks.wav'});
    yield* waitFor(0.9);
    node.pause();
    yield* waitFor(0.77);
    node.play();
    yield* waitFor(1);
  },
  *overlap(view) {
    audio(view, 0, {src: '/clicks.wav'});
    yield* waitFor(0.55);
    audio(view, 1, {src: '/clicks.wav', time: 0.875});
    clip(view, 2);
    yield* waitFor(1.5);
  },
  *loop(view) {
    audio(view, 0, {src: '/short.wav', loop: true});
    yield* waitFor(3);
  },
  *guessed(view) {
    audio(view, 0, {src: '/no-header.mp3'});
    yield* waitFor(5);
  },
  *still(view) {
    const node = audio(view, 0, {src: '/clicks.wav'});
    yield* waitFor(0.5);
    setTime(node, 2);
    yield* waitFor(1);
  },
  *led(view) {
    const node = audio(view, 0, {src: '/clicks.wav'});
    yield* tween(1.5, (value) => setTime(node, 1 + value * 1.5));
  },
  *ends(view) {
    audio(view, 0, {src: '/short.wav'});
    yield* waitFor(2);
  },
};

function audio(view: View2D, row: number, props: {src: string; volume?: number; playbackRate?: number; time?: number; loop?: boolean}) {
  const node = createRef<Audio>();
  view.add(<Audio {...props} ref={node} play />);
  addClock(view, node(), row * 12);
  return node();
}

/** What a node's own type keeps to itself, and scenes use nevertheless. */
function setTime(node: Audio, seconds: number) {
  (node as unknown as {time(value: number): void}).time(seconds);
}

function clip(view: View2D, row: number) {
  const node = createRef<Video>();
  view.add(<Video src={'/clicks.mp4'} ref={node} size={[64, 64]} y={50} play />);
  addClock(view, node(), row * 12);
}

const one = makeScene2D('one', function* (view) {
  view.add(<Rect size={['100%', '100%']} fill={'black'} />);
  const name = String(useScene().variables.get('case', 'plain')());
  yield* (CASES[name] ?? CASES.plain!)(view);
});

/** What sounded before stops; another sound begins, in another row. */
const two = makeScene2D('two', function* (view) {
  view.add(<Rect size={['100%', '100%']} fill={'black'} />);
  audio(view, 3, {src: '/clicks.wav', time: 0.13});
  yield* waitFor(1);
});

export default makeProject({
  scenes: [one, two],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
