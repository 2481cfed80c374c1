import {readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {writeInputs} from '../../../src/renderers/revideo/build-inputs.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {folderOf, telling, toldBy} from '../../support/compiled.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache} from '../../support/throw-away-project.ts';

/** Opens `film/` of a folder again and again, each time as a new process would. */
async function opener(folder: string, cache?: string) {
  const kept = cache ?? (await throwAwayCache());
  return () => {
    const renderer = revideoRenderer({project: join(folder, 'film'), cache: kept, typeCheck: 'off'});
    onTestFinished(() => renderer.close());
    return renderer;
  };
}

const COLOUR = '{colour: getComputedStyle(document.body).color}';
const project = (facts: string, before: string) => telling(facts, before).replace(/type \w+, /g, '');
const CONFIG = '// @revideo/vite-plugin\n';

describe('A file outside of the project is compiled again once it has changed:', {timeout: 120_000}, () => {
  it.each<[string, Record<string, string>, [string, string], [string, string]]>([
    [
      'what a style sheet imports',
      {
        'film/src/project.jsx': project(COLOUR, `import './style.css';`),
        'film/src/style.css': `@import '../../shared/colour.css';`,
        'shared/colour.css': 'body { color: rgb(1, 1, 1); }',
      },
      ['shared/colour.css', 'body { color: rgb(2, 2, 2); }'],
      ['rgb(1, 1, 1)', 'rgb(2, 2, 2)'],
    ],
    [
      'what a shader includes',
      {
        'film/src/project.jsx': project(
          '{colour: shader.split("//")[0].trim()}',
          `import shader from './a.glsl';`,
        ),
        'film/src/a.glsl': '#include "../../shared/b.glsl"\n',
        'shared/b.glsl': 'float one;',
      },
      ['shared/b.glsl', 'float two;'],
      ['float one;', 'float two;'],
    ],
    [
      'what a worker imports',
      {
        'film/src/project.jsx': project(
          'told',
          `import Work from './work?worker';
           const told = {colour: await new Promise((done) => {
             const worker = new Work();
             worker.onmessage = ({data}) => done(data);
             worker.postMessage(0);
           })};`,
        ),
        'film/src/work.js': `import {word} from '../../shared/word.js'; onmessage = () => postMessage(word);`,
        'shared/word.js': `export const word = 'one';`,
      },
      ['shared/word.js', `export const word = 'two';`],
      ['one', 'two'],
    ],
    [
      'a .env of an outer envDir that was not there',
      {
        'film/src/project.jsx': project(`{colour: import.meta.env.VITE_COLOUR ?? 'none'}`, ''),
        'film/vite.config.mjs': `${CONFIG}export default {envDir: '..'};`,
      },
      ['.env.local', 'VITE_COLOUR=red'],
      ['none', 'red'],
    ],
    [
      'a tsconfig.json above it that was not there',
      {
        'film/src/project.jsx': project(
          '{colour: typeof <Rect />}',
          `const make = () => 'made'; globalThis.make = make;`,
        ),
      },
      ['tsconfig.json', '{"compilerOptions": {"jsx": "react", "jsxFactory": "make"}}'],
      ['object', 'string'],
    ],
    [
      'a new file among those that a plugin of PostCSS searches',
      {
        'film/src/project.jsx': project(COLOUR, `import './style.css';`),
        'film/src/style.css': 'body { color: rgb(0, 0, count); }',
        'film/postcss.config.cjs': `
          const {readdirSync} = require('node:fs');
          const {join} = require('node:path');
          const dir = join(__dirname, '../shared');
          module.exports = {plugins: [{
            postcssPlugin: 'count',
            Once(root, {result}) {
              result.messages.push({type: 'dir-dependency', dir, glob: '*.txt', plugin: 'count', parent: root.source.input.file});
            },
            Declaration(declaration) {
              declaration.value = declaration.value.replace('count', String(readdirSync(dir).length));
            },
          }]};`,
        'shared/a.txt': '',
      },
      ['shared/b.txt', ''],
      ['rgb(0, 0, 1)', 'rgb(0, 0, 2)'],
    ],
    [
      'a new file in output/ that a pattern finds',
      {
        'film/src/project.jsx': project(
          '{colour: Object.values(found).join()}',
          `const found = import.meta.glob('../output/*.txt', {query: '?raw', import: 'default', eager: true});`,
        ),
        'film/output/a.txt': 'one',
      },
      ['film/output/b.txt', 'two'],
      ['one', 'one,two'],
    ],
    [
      'a new JSON that a pattern finds',
      {
        'film/src/project.jsx': project(
          '{colour: Object.values(found).join()}',
          `const found = import.meta.glob('../../shared/*.json', {import: 'default', eager: true});`,
        ),
        'shared/a.json': '"one"',
      },
      ['shared/b.json', '"two"'],
      ['one', 'one,two'],
    ],
  ])('%s', async (_, files, [path, text], [first, second]) => {
    const folder = folderOf(files);
    const open = await opener(folder);
    expect(await toldBy(open())).toEqual({colour: first});
    writeFileSync(join(folder, path), text);
    expect(await toldBy(open())).toEqual({colour: second});
  });
});

describe('A project', {timeout: 120_000}, () => {
  it('is compiled again after an edit that kept size and time', async () => {
    const folder = folderOf({
      'film/src/project.jsx': project('{word}', `import {word} from './word';`),
      'film/src/word.js': `export const word = 'one';`,
    });
    const path = join(folder, 'film/src/word.js');
    const open = await opener(folder);
    utimesSync(path, 1e9, 1e9);
    expect(await toldBy(open())).toEqual({word: 'one'});
    writeFileSync(path, `export const word = 'two';`);
    utimesSync(path, 1e9, 1e9);
    expect(await toldBy(open())).toEqual({word: 'two'});
  });

  /** A project whose own plugin writes `src/word.js` when all modules have been read. */
  const writing = (word: string) =>
    folderOf({
      'film/src/project.jsx': project('{word}', `import {word} from './word';`),
      'film/src/word.js': `export const word = 'one';`,
      'film/vite.config.mjs': `${CONFIG}
        import {writeFileSync} from 'node:fs';
        const path = new URL('./src/word.js', import.meta.url);
        export default {plugins: [{
          name: 'writer',
          buildEnd() { writeFileSync(path, 'export const word = ' + JSON.stringify(${word}) + ';'); },
        }]};`,
    });

  it('is compiled again if a file was edited meanwhile, and once more is enough where it stays the same', async () => {
    const cache = await throwAwayCache();
    const open = await opener(writing(`'two'`), cache);
    expect(await toldBy(open())).toEqual({word: 'two'});
    const built = readdirSync(join(cache, 'bundles'));
    expect(await toldBy(open())).toEqual({word: 'two'});
    expect(readdirSync(join(cache, 'bundles'))).toEqual(built);
  });

  it('whose files change during each build is refused, with their names', async () => {
    const open = await opener(writing('String(Math.random())'));
    await expect(toldBy(open())).rejects.toMatchObject({
      name: 'ProjectBroken',
      message: expect.stringMatching(
        /was compiled 3 times, and each time its files changed .*: src\/word\.js\./,
      ),
    });
  });

  it.each([
    ['facts.json', '{"warnings": ['],
    ['inputs.json', '{"a'],
    ['index.html', ''],
    ['.js', ''],
  ])('is compiled again where %s in the cache is garbled', async (name, text) => {
    const folder = folderOf({'film/src/project.jsx': project(`{word: 'one'}`, '')});
    const cache = await throwAwayCache();
    const open = await opener(folder, cache);
    const hash = () => open().fingerprint({signal: AbortSignal.timeout(60_000)});
    const first = await hash();
    const files = readdirSync(join(cache, 'bundles'), {recursive: true, encoding: 'utf8'});
    const path = files.find((file) => file.endsWith(name));
    writeFileSync(join(cache, 'bundles', String(path)), text);
    expect(await hash()).toBe(first);
    // The garbled one is gone: this time nothing is compiled.
    const before = readdirSync(join(cache, 'bundles')).sort();
    expect(await hash()).toBe(first);
    expect(readdirSync(join(cache, 'bundles')).sort()).toEqual(before);
    expect(before).toHaveLength(2);
  });
});

it('Several builds of one process keep their lists at the same time', async () => {
  const bundles = scratch();
  const folder = folderOf({'src/project.tsx': ''});
  const project = await findProject(folder);
  const order = {bundles, source: 'same', isKnown: () => false, project};
  const names = await Promise.all(
    Array.from({length: 20}, () => writeInputs([join(folder, 'a.css')], order)),
  );
  expect(new Set(names).size).toBe(1);
  expect(readdirSync(bundles)).toEqual(['same.inputs.json']);
});
