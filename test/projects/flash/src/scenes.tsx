import {makeScene2D, Rect, Video, type VideoProps, type View2D} from '@revideo/2d';
import {createRef, createSignal, range, type ThreadGenerator, useScene, waitFor} from '@revideo/core';

/** What happens in a scene, one step after the other. */
export type Step =
  | {add: VideoProps}
  | {wait: number}
  | {tween: number}
  | {to: number}
  | {rate: number}
  | 'pause'
  | 'play'
  | 'aside';

/** What a node's own type keeps to itself, and scenes use nevertheless. */
type Settable = {time(value: number): void; setPlaybackRate(value: number): void};

/** Squares of 12 pixels that count, in binary, what has happened so far. */
const DIGITS = 6;

/** What takes no time and is counted. */
const isAction = (step: Step) => typeof step === 'string' || !('wait' in step || 'tween' in step);

function* run(view: View2D, {steps, before}: {steps: Step[]; before: number}): ThreadGenerator {
  const video = createRef<Video>();
  const count = createSignal(before + 1);
  const fill = (digit: number) => () => (Math.floor(count() / 2 ** digit) % 2 ? 'white' : 'black');
  view.add(
    range(DIGITS).map((digit) => (
      <Rect size={12} position={[-80 + (digit + 0.5) * 12, -39]} fill={fill(digit)} />
    )),
  );
  const clip = () => video() as unknown as Settable;
  for (const step of steps) {
    if (isAction(step)) count(count() + 1);
    if (step === 'pause') video().pause();
    else if (step === 'play') video().play();
    // By a generator that ends at once.
    else if (step === 'aside') {
      yield (function* () {
        video().play();
      })();
    } else if ('add' in step) view.add(<Video {...step.add} ref={video} size={[160, 70]} y={10} />);
    else if ('wait' in step) yield* waitFor(step.wait);
    else if ('tween' in step) yield* view.opacity(1, step.tween);
    else if ('to' in step) clip().time(step.to);
    else clip().setPlaybackRate(step.rate);
  }
}

const scene = (index: number) =>
  makeScene2D(`scene ${index}`, function* (view) {
    const scenes = useScene().variables.get('scenes', [[], []])() as Step[][];
    const before = scenes.slice(0, index).reduce((sum, steps) => sum + 1 + steps.filter(isAction).length, 0);
    yield* run(view, {steps: scenes[index] ?? [], before});
    // A scene without a frame has no end.
    yield* waitFor(0.2);
  });

/** Two scenes that do what their variables say: one clip each, at the bottom. */
export const scenes = [scene(0), scene(1)];
