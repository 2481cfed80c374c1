import {Audio, Img, makeScene2D, Video} from '@revideo/2d';
import {makeProject, useScene, waitFor} from '@revideo/core';
import {attacks, type Target} from './attacks.ts';

/** Does what its variable `hostile` tells it. */
const scene = makeScene2D('hostile', function* (view) {
  const {attack, ...target} = useScene().variables.get('hostile', {attack: 'none'} as Target & {
    attack: string;
  })();
  const {src} = target;
  if (attack === 'Img') view.add(<Img src={src} width={9} />);
  else if (attack === 'Video') view.add(<Video src={src} width={9} play={true} />);
  else if (attack === 'Audio') view.add(<Audio src={src} play={true} />);
  else if (attack === 'endless') for (;;) yield;
  else if (attack === 'for ever') yield* waitFor(Infinity);
  else yield attacks[attack]?.(target);
  yield* waitFor(0.1);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}},
});
