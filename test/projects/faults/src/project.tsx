import {Audio, Circle, makeScene2D, Rect, Video} from '@revideo/2d';
import {all, createRef, makeProject, useScene} from '@revideo/core';

/** What the rows of test/faults have the film do; none of it changes a pixel, but for `clip`. */
interface Wishes {
  /** The address of a clip to show. */
  clip?: string;
  /** The address of the sound. */
  sound?: string;
  /** Megabytes of the page's heap to take up while the middle of the film is drawn. */
  hog?: number;
  /** An address that says `yes` if that is to be done. */
  ask?: string;
  /** Milliseconds that drawing a frame takes at least. */
  slow?: number;
}

const hoard: number[][] = [];

/** Fills the heap, so that a page with too little of it dies as pages do. */
function take(megabytes: number): void {
  while (hoard.length < megabytes) hoard.push(Array.from({length: 131_072}, (_, index) => index + 0.5));
}

/** Asks a server, and waits for its answer: a signal cannot wait otherwise. */
function says(address: string): boolean {
  if (!address) return true;
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.send();
  return request.responseText === 'yes';
}

function linger(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

/** Nine segments of moving shapes with a sound: small, quick to draw, no two frames alike. */
const scene = makeScene2D('faults', function* (view) {
  const {clip, sound = '/tone.wav', hog = 0, ask = '', slow = 0} = useScene().variables.get('wishes', {})() as Wishes;
  const circle = createRef<Circle>();
  const square = createRef<Rect>();
  const colour = () => {
    // Drawn, not planned: only a worker comes by here. Asked for in every frame, since the place is another.
    const middle = Math.abs(circle().x()) < 10;
    if (slow) linger(slow);
    if (hog && middle && says(ask)) take(hog);
    return '#ffcc33';
  };
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#204060'} />
      <Circle ref={circle} size={40} x={-100} fill={colour} />
      <Rect ref={square} size={30} fill={'#cc3366'} />
      <Audio src={sound} play />
    </>,
  );
  if (clip) view.add(<Video src={clip} size={[80, 45]} position={[-110, -60]} play />);
  yield* all(circle().x(100, 4.5), square().rotation(360, 4.5));
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 10}},
});
