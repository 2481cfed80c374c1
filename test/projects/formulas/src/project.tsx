import {Code, Latex, lines, makeScene2D, Rect} from '@revideo/2d';
import {all, createRef, createSignal, makeProject, waitFor} from '@revideo/core';

/** Formulas, which become pictures that load later than they are asked for, and code that is edited. */
const scene = makeScene2D('formulas', function* (view) {
  const formula = createRef<Latex>();
  const code = createRef<Code>();
  const power = createSignal(2);
  view.add(
    <>
      <Rect size={['100%', '100%']} fill={'#101828'} />
      <Latex ref={formula} tex={'{\\color{white} x=\\frac{-b\\pm\\sqrt{b^2-4ac}}{2a}}'} width={140} position={[-80, -45]} />
      <Rect layout padding={4} fill={'#334'} position={[80, -45]} opacity={0.9}>
        <Latex tex={() => `{\\color{yellow} y=x^{${power()}}}`} height={30} />
      </Rect>
      <Code ref={code} fontSize={12} fontFamily={'monospace'} fill={'#bfd'} y={45} code={'const one = 1;'} />
    </>,
  );
  yield* code().code.append('\nconst two = one + one;', 0.3);
  power(3);
  yield* all(formula().width(100, 0.3), code().selection(lines(1), 0.3));
  power(4);
  formula().tex('{\\color{white} \\sum_{k=0}^{n} k}');
  yield* code().code('let three;', 0.3);
  yield* waitFor(0.1);
});

export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 30}},
});
