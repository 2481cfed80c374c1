import {Circle, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, chain, createComputed, createRef, createRefArray, createSignal, delay, loop, loopFor, makeProject, range, Random, sequence, spawn, useScene, waitFor} from '@revideo/core';

/** Numbers by chance, variables, data that is fetched meanwhile, threads beside each other, steps shorter than a frame. */
const scene = makeScene2D('chance', function* (view) {
  const colour = useScene().variables.get('colour', '#ffaa00');
  const random = new Random(7);
  const dots = createRefArray<Circle>();
  const square = createRef<Rect>();
  const level = createSignal(0);
  const double = createComputed(() => level() * 2);
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#112'} />
      {range(12).map(() => (
        <Circle ref={dots} size={10} x={random.nextInt(-150, 150)} y={Math.random() * 100 - 50} fill={colour} />
      ))}
      <Rect ref={square} size={() => 20 + double()} fill={'#4488ff'} y={50} />
      <Circle size={30} x={() => Math.random() * 20 + view.globalTime()} y={-60} fill={'#ff4488'} />
    </>,
  );
  spawn(
    loop(Infinity, function* () {
      dots[0]!.position([Math.random() * 300 - 150, Math.random() * 160 - 80]);
      yield* waitFor(0.013);
    }),
  );
  const answer = yield fetch('/numbers.json').then((response) => response.json());
  const {word} = answer as unknown as {word: string};
  const text = createRef<Txt>();
  view.add(<Txt ref={text} text={word} fontSize={20} fill={'white'} />);
  yield* all(
    level(20, 0.35),
    chain(text().x(50, 0.1), text().x(-50, 0.111)),
    sequence(0.02, ...dots.map((dot) => dot.y(random.nextFloat(-80, 80), 0.2))),
    delay(0.05, text().fill('red', 0.2)),
  );
  yield* loopFor(0.2, () => square().rotation(square().rotation() + 33 * Math.random(), 0.031));
  for (let step = 0; step < 20; step++) yield* waitFor(0.007);
  // How long this takes is known from counting, and the same when it is drawn: then the last frame is reached.
  yield* waitFor(0.1 + 0.3 * Math.random());
  view.add(<Rect size={40} x={140} y={70} fill={'white'} />);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
