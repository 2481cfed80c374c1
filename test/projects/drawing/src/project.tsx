import {Circle, CubicBezier, Grid, Img, Knot, Layout, Line, makeScene2D, Path, Polygon, Ray, Rect, Spline, SVG} from '@revideo/2d';
import {all, createRef, makeProject, waitFor} from '@revideo/core';
import leaf from './leaf.svg';
import drop from './leaf.svg?inline';
import checker from './checker.png';

const STAR = '<svg viewBox="0 0 40 40" width="40" height="40"><path fill="#ffcc00" d="M20 2L25 15L38 15L28 24L32 38L20 29L8 38L12 24L2 15L15 15Z"/></svg>';
const DISC = '<svg viewBox="0 0 40 40" width="40" height="40"><path fill="#00ccff" d="M20 2L36 14L36 26L20 38L4 26L4 14Z"/></svg>';

/** Curves, paths, vector and pixel images from `public/`, from an import and from a data address: all of them at frame 0. */
const scene = makeScene2D('drawing', function* (view) {
  const star = createRef<SVG>();
  const path = createRef<Path>();
  const spline = createRef<Spline>();
  const picture = createRef<Img>();
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#202020'} />
      <Grid width={'100%'} height={'100%'} spacing={20} stroke={'#333'} lineWidth={1} />
      <Img ref={picture} src={'/picture.png'} width={70} position={[-120, -45]} radius={8} />
      <Img src={checker} size={[64, 36]} position={[-40, -45]} smoothing={false} />
      <Img src={leaf} position={[40, -45]} />
      <Img src={drop} width={50} position={[120, -45]} alpha={0.7} />
      <SVG ref={star} svg={STAR} position={[-120, 45]} scale={1.5} />
      <Path ref={path} data={'M-30 0 Q0 -40 30 0 T60 0'} stroke={'#ff66aa'} lineWidth={5} position={[-50, 45]} end={0.3} />
      <Spline ref={spline} stroke={'#aaff66'} lineWidth={4} position={[40, 45]}>
        <Knot position={[-30, 20]} startHandle={[-10, -20]} />
        <Knot position={[0, -20]} />
        <Knot position={[30, 20]} />
      </Spline>
      <CubicBezier p0={[90, 20]} p1={[100, 80]} p2={[130, 0]} p3={[150, 70]} stroke={'#66aaff'} lineWidth={3} endArrow arrowSize={8} />
      <Line points={[[90, 80], [120, 60], [150, 80]]} stroke={'white'} lineWidth={2} radius={6} lineDash={[6, 3]} />
      <Ray from={[-150, 80]} to={[-90, 80]} stroke={'orange'} lineWidth={3} />
      <Polygon sides={6} size={20} fill={'#cc88ff'} y={0} />
      <Circle size={24} x={120} startAngle={20} endAngle={300} stroke={'red'} lineWidth={4} />
    </>,
  );
  yield* all(star().svg(DISC, 0.5), path().end(1, 0.5), spline().rotation(90, 0.5), picture().size([30, 60], 0.5));
  // Not seen by any frame before: a chunk that starts later asks for it first.
  view.add(<Img src={'/second.png'} size={[80, 45]} />);
  yield* all(picture().alpha(0.2, 0.3), star().svg(STAR, 0.3));
  const row = createRef<Layout>();
  view.add(
    <Layout ref={row} layout gap={4} y={70}>
      <Img src={'/picture.png?second-address'} height={20} />
      <Img src={'/third.png'} height={20} />
    </Layout>,
  );
  yield row();
  yield* row().x(row().width(), 0.2);
  yield* waitFor(0.1);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
