import {Circle, Img, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, createRef, createSignal, Direction, fadeTransition, finishScene, makeProject, slideTransition, useTransition, waitFor} from '@revideo/core';

/** Moved on by the first scene, seen by the others: what came before a chunk has to have happened. */
const counted = createSignal(0);

const first = makeScene2D('first', function* (view) {
  counted(0);
  const circle = createRef<Circle>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#203060'} />
      <Circle ref={circle} size={40} fill={'gold'} x={-100} />
    </>,
  );
  yield* all(circle().x(100, 0.4), counted(30, 0.4));
  // Goes on while the next scene fades in.
  finishScene();
  yield* all(circle().x(0, 0.5), circle().fill('red', 0.5));
});

const second = makeScene2D('second', function* (view) {
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#602030'} />
      <Img src={'/picture.png'} size={[80, 60]} />
      <Rect height={6} width={() => counted() * 3} y={60} fill={'white'} />
    </>,
  );
  yield* fadeTransition(0.3);
  yield* counted(60, 0.2);
});

const third = makeScene2D('third', function* (view) {
  const text = createRef<Txt>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#306020'} />
      <Txt ref={text} text={() => `third ${Math.round(counted())}`} fontSize={24} fill={'white'} />
    </>,
  );
  yield* slideTransition(Direction.Left, 0.3);
  yield* text().rotation(90, 0.2);
});

/** A transition of its own, with the scene before it on top. */
const fourth = makeScene2D('fourth', function* (view) {
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#808080'} />
      <Circle size={() => counted()} fill={'black'} />
    </>,
  );
  const hole = createSignal(0);
  const end = useTransition(
    () => {},
    (context) => {
      context.globalAlpha = 1 - hole();
    },
    true,
  );
  yield* hole(1, 0.25);
  end();
  yield* waitFor(0.1);
});

/** Without a transition, and with half a frame too much. */
const fifth = makeScene2D('fifth', function* (view) {
  view.add(<Rect size={() => counted() * 2} fill={'cyan'} />);
  yield* counted(20, 0.25);
  yield* waitFor(0.05);
});

export default makeProject({
  scenes: [first, second, third, fourth, fifth],
  settings: {shared: {size: {x: 320, y: 180}, background: '#101010'}, rendering: {fps: 30}},
});
