import {makeScene2D, Rect, Txt} from '@revideo/2d';
import {createRef, makeProject, useScene, waitFor} from '@revideo/core';

/** A text in the font "Box", or another one, which the variable `run` brings: statements of an async function. */
const scene = makeScene2D('fonts', function* (view) {
  const {variables} = useScene();
  const run = variables.get('run', '')();
  yield new Function(`return (async () => {${run}\n})()`)() as Promise<void>;
  const text = createRef<Txt>();
  view.add(<Txt ref={text} text={'MMM'} fontFamily={variables.get('family', 'Box')()} fontSize={12} fill={'white'} />);
  if (variables.get('measured', false)()) {
    // The film's length and its picture come from the width of a text that was never drawn.
    view.add(<Rect width={() => text().width()} height={4} y={12} fill={'red'} />);
    yield* waitFor(text().width() / 100);
    view.add(<Txt text={'late'} fontFamily={'Late'} fontSize={8} y={-12} fill={'yellow'} />);
  }
  yield* waitFor(0.3);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}},
});
