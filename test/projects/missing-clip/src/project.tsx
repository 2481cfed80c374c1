import {makeScene2D, Video} from '@revideo/2d';
import {makeProject, waitFor} from '@revideo/core';

const scene = makeScene2D('scene', function* (view) {
  view.add(<Video src={'/not-there.mp4'} size={['100%', '100%']} play={true} />);
  yield* waitFor(1);
});

export default makeProject({scenes: [scene], settings: {shared: {size: {x: 160, y: 90}}}});
