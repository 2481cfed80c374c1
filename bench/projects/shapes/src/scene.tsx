import {Circle, Gradient, Line, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, chain, createRef, linear, range} from '@revideo/core';

/** 10 s of shapes and text, without any media, drawn for a frame of 1920x1080. */
export const scene = makeScene2D('shapes', function* (view) {
  const scale = view.width() / 1920;
  const ring = createRef<Circle>();
  const line = createRef<Line>();
  const title = createRef<Txt>();
  const squares = range(12).map(() => createRef<Rect>());
  const sky = new Gradient({
    from: [0, -540],
    to: [0, 540],
    stops: [
      {offset: 0, color: '#1b2a4a'},
      {offset: 1, color: '#6b3f69'},
    ],
  });
  view.add(
    <Rect size={['100%', '100%']} fill={sky}>
      {squares.map((square, index) => (
        <Rect
          ref={square}
          size={90}
          radius={16}
          scale={scale}
          x={(index - 5.5) * 150 * scale}
          y={330 * scale}
          fill={`hsl(${index * 30}, 70%, 60%)`}
        />
      ))}
      <Circle
        ref={ring}
        size={420}
        scale={scale}
        y={-90 * scale}
        lineWidth={40}
        stroke={'#ffcc66'}
        endAngle={0}
      />
      <Line
        ref={line}
        points={range(40).map((step) => [(step - 20) * 45, 80 * Math.sin(step)])}
        scale={scale}
        lineWidth={8}
        stroke={'#ffffff88'}
        end={0}
      />
      <Txt
        ref={title}
        text={'0'}
        scale={scale}
        y={-90 * scale}
        fontSize={150}
        fontFamily={'sans-serif'}
        fill={'white'}
      />
    </Rect>,
  );
  yield* all(
    ring().endAngle(360, 10, linear),
    line().end(1, 10, linear),
    title().text('1000', 10, linear),
    ...squares.map((square, index) =>
      chain(square().rotation(90 * (index + 1), 5), square().y(-330 * scale, 5)),
    ),
  );
});
