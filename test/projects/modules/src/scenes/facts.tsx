import {Img, makeScene2D, Rect, Txt} from '@revideo/2d';
import {createRef, useScene, waitFor} from '@revideo/core';
import {arrow, Badge as OtherBadge} from '../other-badge';
import Anonymous from '../other-badge';
import '../style.css';
import {Badge, Derived} from '../badge';
import box from '../box.svg';
import boxText from '../box.svg?raw';
import boxInline from '../box.svg?inline';
import boxUrl from '../box.svg?url';
import {both} from '../circle-a';
import data, {title} from '../data.json';
import names from '../names.module.css';
import styleText from '../style.css?inline';
import shader from '../shader.glsl';
import AnswerWorker from '../worker?worker';
import note from '../words/note.txt?raw';

const words = import.meta.glob('../words/*.ts', {eager: true, import: 'default'});
const lazyWords = import.meta.glob('../words/*.ts');
const {late} = await import('../late');

const ask = (worker: Worker): Promise<string> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({data}) => resolve(data);
    worker.onerror = ({message}) => reject(new Error(message));
    worker.postMessage('asked');
  });

export default makeScene2D('facts', function* (view) {
  const size = {width: 20, height: 20};
  const title1 = createRef<Txt>();
  // Nobody uses the element itself: it is made for its reference.
  const unused = <Txt ref={title1} text={'referenced'} />;
  const badge = (<Badge level={5} {...size} />) as Badge;
  const {default: lazy} = (yield lazyWords['../words/two.ts']?.()) as {default: string};
  const answers = [
    (yield ask(new AnswerWorker())) as string,
    (yield ask(new Worker(new URL('../worker.ts', import.meta.url), {type: 'module'}))) as string,
  ];

  const facts: Record<string, [is: unknown, shouldBe: unknown]> = {
    ref: [title1().text(), 'referenced'],
    order: [globalThis.order?.join(' '), 'first second last read late'],
    decorators: [[badge.level(), new Badge({}).level()].join(), '5,3'],
    fields: [new Derived().word, 'base'],
    key: [badge.key, 'facts/Badge[1]'],
    names: [[Badge.name, OtherBadge.name, Anonymous.name, arrow.name].join(), 'Badge,Badge,default,arrow'],
    circle: [both, 'aab'],
    late: [late, 'aab'],
    json: [`${title} ${data.list.length}`, 'json 3'],
    raw: [note.trim(), 'plain text'],
    glob: [Object.values(words).join(), 'one,two'],
    lazy: [lazy, 'two'],
    workers: [answers.join(), 'asked aab,asked aab'],
    glsl: [shader.includes('half_of'), true],
    css: [getComputedStyle(document.documentElement).getPropertyValue('--fact').trim(), '7'],
    cssText: [styleText.includes('--fact'), true],
    cssModule: [names.title.includes('title'), true],
    svg: [boxText.includes('lime') && boxInline.startsWith('data:image/svg+xml'), true],
    url: [box === boxUrl, true],
    env: [import.meta.env.VITE_WORD, 'development'],
    hidden: [import.meta.env.HIDDEN, undefined],
    mode: [[import.meta.env.MODE, import.meta.env.DEV, import.meta.env.PROD].join(), 'development,true,false'],
    base: [import.meta.env.BASE_URL, '/'],
    nodeEnv: [process.env.NODE_ENV, 'development'],
    address: [new URL(import.meta.url).pathname, '/src/scenes/facts.tsx'],
    beside: [new URL(note.trim(), import.meta.url).pathname, '/src/scenes/plain%20text'],
  };
  const variables = useScene().variables;
  const entries = Object.entries(facts);
  const columns = 8;
  for (const [index, [name, [is, shouldBe]]] of entries.entries()) {
    variables.get(name, is === shouldBe ? 'right' : `${is}, not ${shouldBe}`)();
    view.add(
      <Rect
        {...size}
        x={-70 + 20 * (index % columns)}
        y={-30 + 20 * Math.floor(index / columns)}
        fill={is === shouldBe ? 'white' : 'red'}
      />,
    );
  }
  view.add(<Img src={box} width={8} height={8} />);
  yield* waitFor(0.3);
});
