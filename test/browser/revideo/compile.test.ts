import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {compiled, folderOf, telling, toldBy} from '../../support/compiled.ts';
import {PROJECTS} from '../../support/project-media.ts';

const TEMPLATE = JSON.stringify({extends: '@revideo/2d/tsconfig.project.json', include: ['src']});

const COMPONENT = `
class Badge extends Rect {
  @initial(3) @signal() public declare readonly level: SimpleSignal<number, this>;
}
`;
const LEVELS = `{levels: [new Badge({}).level(), (<Badge level={5} /> as Badge).level()].join()}`;

describe('A folder without node_modules', {timeout: 120_000}, () => {
  it.each([
    ['a tsconfig that extends one of Revideo', {'tsconfig.json': TEMPLATE}],
    ['no tsconfig', {}],
    [
      'a tsconfig that extends what is nowhere',
      {'tsconfig.json': '{"extends": "@tsconfig/gone/tsconfig.json"}'},
    ],
    ['a tsconfig that is no JSON', {'tsconfig.json': '{"compilerOptions": {'}],
  ])('is compiled with %s, custom components too', async (_, files) => {
    const folder = folderOf({...files, 'src/project.tsx': telling(LEVELS, COMPONENT)});
    expect(await toldBy(await compiled(folder))).toEqual({levels: '3,5'});
  });

  it('takes what Revideo is made of from this repository, and its own files by the names of its tsconfig', async () => {
    const folder = folderOf({
      'tsconfig.json':
        '{"extends": "./base.json", "compilerOptions": {"paths": {"~/*": ["./src/*"], "word": ["./src/word.ts"]}}}',
      'base.json': TEMPLATE,
      'src/word.ts': `export const word = 'by path';`,
      'src/project.tsx': telling(
        `{words: [word, alias, typeof Parser].join()}`,
        `import {Parser} from '@lezer/common';
         import {word} from '~/word';
         import {word as alias} from 'word';`,
      ),
    });
    expect(await toldBy(await compiled(folder))).toEqual({words: 'by path,by path,function'});
  });
});

describe('A compiled project', {timeout: 120_000}, () => {
  it("does in every kind of module what Revideo's dev server has it do", async () => {
    const told = await toldBy(await compiled(join(PROJECTS, 'modules')));
    expect(Object.keys(told).length).toBeGreaterThan(20);
    expect(told).toEqual(Object.fromEntries(Object.keys(told).map((name) => [name, 'right'])));
  });

  it('runs modules of packages that call themselves free of side effects, and takes their files for development', async () => {
    const quiet = {name: 'quiet', version: '1.0.0', sideEffects: false};
    const folder = folderOf({
      'tsconfig.json': TEMPLATE,
      'node_modules/quiet/package.json': JSON.stringify({...quiet, type: 'module', main: 'index.js'}),
      'node_modules/quiet/index.js': `export const used = 1; export * from './register.js';`,
      'node_modules/quiet/register.js': `globalThis.registered = true; export const unused = 2;`,
      'node_modules/dual/package.json': JSON.stringify({
        ...{name: 'dual', version: '1.0.0'},
        exports: {'.': {development: './development.js', default: './production.js'}},
      }),
      'node_modules/dual/development.js': `export default 'development';`,
      'node_modules/dual/production.js': `export default 'production';`,
      'node_modules/old/package.json': JSON.stringify({
        name: 'old',
        version: '1.0.0',
        main: 'node.js',
        browser: 'browser.js',
      }),
      'node_modules/old/node.js': `module.exports = {kind: 'node'};`,
      'node_modules/old/browser.js': `exports.kind = process.env.NODE_ENV === 'production' ? 'minified' : 'browser';`,
      'src/project.tsx': telling(
        `{registered: globalThis.registered, used, dual, old: old.kind}`,
        `import {used} from 'quiet';
         import dual from 'dual';
         import old from 'old';`,
      ),
    });
    expect(await toldBy(await compiled(folder))).toEqual({
      ...{registered: true, used: 1, dual: 'development', old: 'browser'},
    });
  });

  it('does not wait for itself where a module waits for another one', async () => {
    const folder = folderOf({
      'tsconfig.json': TEMPLATE,
      'src/late.ts': `import {Vector2} from '@revideo/core'; export const late = new Vector2(1, 2).x;`,
      'src/project.tsx': telling('{late}', `const {late} = await import('./late');`),
    });
    expect(await toldBy(await compiled(folder))).toEqual({late: 1});
  });

  it('runs a module at its first import, also where a module that is loaded later imports it', async () => {
    const ran = (name: string) => `(globalThis.ran ??= []).push('${name}');`;
    const folder = folderOf({
      'tsconfig.json': TEMPLATE,
      'src/first.ts': ran('first'),
      'src/shared.ts': `${ran('shared')} export const shared = 1;`,
      'src/late.ts': `import {shared} from './shared'; ${ran('late')} export const late = shared;`,
      'src/project.tsx': telling(
        `{ran: globalThis.ran.join(), late}`,
        `import './first';
         import './shared';
         const {late} = await import('./late');`,
      ),
    });
    expect(await toldBy(await compiled(folder))).toEqual({ran: 'first,shared,late', late: 1});
  });

  it("gives a module the address it has at Revideo's dev server", async () => {
    const shared = folderOf({
      'beside.txt': '',
      'project/tsconfig.json': TEMPLATE,
      'project/src/parts/beat.mp3': 'sound',
      'project/src/parts/part.ts': `
        const [location, name] = [{}, './beat.mp3'];
        export const facts = {
          own: import.meta.url,
          text: 'import.meta.url',
          variable: new URL(name, import.meta.url).pathname,
          literal: new URL('./beat.mp3', import.meta.url).pathname,
          outside: new URL('../../../beside.txt', import.meta.url).pathname.replace(/@fs.*\\//, '@fs/'),
        };`,
      'project/src/worker.ts': `self.postMessage(import.meta.url);`,
      'project/src/project.tsx': telling(
        `{...part, origin: location.origin, worker}`,
        `import {facts as part} from './parts/part';
         const started = new Worker(new URL('./worker.ts', import.meta.url), {type: 'module'});
         const worker = await new Promise((resolve) => started.onmessage = ({data}) => resolve(data));`,
      ),
    });
    const {origin, ...told} = await toldBy(await compiled(join(shared, 'project')));
    expect(told).toEqual({
      own: `${origin}/src/parts/part.ts`,
      text: 'import.meta.url',
      variable: '/src/parts/beat.mp3',
      literal: '/src/parts/beat.mp3',
      outside: '/@fs/beside.txt',
      worker: `${origin}/src/worker.ts`,
    });
  });
});
