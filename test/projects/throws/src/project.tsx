import {makeScene2D, Rect} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';

/** Two seconds that can be counted, but not drawn: the paint runs out at frame 40. */
const scene = makeScene2D('broken', function* (view) {
  const paint = () => {
    if (Math.round(view.globalTime() * 30) === 40) throw new Error('the paint ran out');
    return 'red';
  };
  view.add(<Rect size={20} fill={paint} />);
  yield* waitFor(2);
});

export default makeProject({scenes: [scene], settings: {shared: {size: {x: 160, y: 90}}}});
