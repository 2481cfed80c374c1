import {Circle, Gradient, Img, Layout, makeScene2D, Node, Rect, Txt} from '@revideo/2d';
import {all, createRef, makeProject, waitFor} from '@revideo/core';

/**
 * What is first drawn aside, on a canvas of its own, and then into the picture: groups that are half
 * transparent, filtered, masked, blended, shadowed or cached, while only what is inside of them changes.
 */
const scene = makeScene2D('effects', function* (view) {
  const first = createRef<Rect>();
  const second = createRef<Circle>();
  const inner = createRef<Rect>();
  const mask = createRef<Circle>();
  const blurred = createRef<Layout>();
  const held = createRef<Circle>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={new Gradient({from: [-160, 0], to: [160, 0], stops: [{offset: 0, color: '#224'}, {offset: 1, color: '#822'}]})} />
      <Node opacity={0.6} position={[-110, -45]}>
        <Rect ref={first} size={50} fill={'#ff0000'} />
        <Circle ref={second} size={40} fill={'#00ff00'} x={20} />
      </Node>
      <Node cache position={[-30, -45]}>
        <Txt text={'cache'} fontSize={14} fill={'white'} y={-25} />
        <Circle ref={held} size={40} fill={'#0000ff'} />
      </Node>
      <Node cache position={[50, -45]}>
        <Circle ref={mask} size={30} fill={'white'} />
        <Img src={'/picture.png'} size={[80, 60]} compositeOperation={'source-in'} />
      </Node>
      <Layout ref={blurred} position={[120, -45]}>
        <Rect size={40} fill={'#ffff00'} />
        <Node opacity={0.5}>
          <Rect size={10} fill={'black'} />
          <Rect ref={inner} size={20} fill={'#ff00ff'} />
        </Node>
      </Layout>
      <Rect size={[60, 40]} position={[-100, 45]} fill={'#88ccff'} shadowColor={'black'} shadowBlur={10} shadowOffset={5} />
      <Rect size={[60, 40]} position={[0, 45]} fill={'#ccff88'} compositeOperation={'multiply'} />
      <Img src={'/second.png'} size={[60, 40]} position={[100, 45]} opacity={0.5} />
    </>,
  );
  blurred().filters.blur(4);
  yield* all(second().fill('#ffffff', 0.4), held().fill('#00ffff', 0.4), inner().fill('#00ff00', 0.4), first().fill('#880000', 0.4));
  yield* all(mask().size(70, 0.3), blurred().filters.blur(0, 0.3), second().size(20, 0.3), held().opacity(0, 0.3));
  yield* waitFor(0.2);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
