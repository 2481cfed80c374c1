import {makeScene2D, Rect} from '@revideo/2d';
import {createRef, makeProject, useScene} from '@revideo/core';

const scene = makeScene2D('own-variables', function* (view) {
  const box = createRef<Rect>();
  const variables = useScene().variables;
  view.add(<Rect ref={box} size={30} x={-50} fill={variables.get('colour', '#e13238')()} />);
  yield* box().position.x(50, variables.get('seconds', 0.1)());
});

export default makeProject({
  scenes: [scene],
  variables: {colour: '#f5c542', seconds: 0.5},
  settings: {shared: {size: {x: 160, y: 90}}, rendering: {fps: 30}},
});
