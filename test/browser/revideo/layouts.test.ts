import {cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {writeBundle} from '../../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {folderOf, telling, toldBy} from '../../support/compiled.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache} from '../../support/throw-away-project.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** A package's scripts, without what only an editor reads. */
const copyPackage = (name: string, to: string) =>
  cpSync(join(PACKAGES, name), to, {
    recursive: true,
    filter: (path) => !/\.map$|\/(?:src|editor)$/.test(path.slice(PACKAGES.length)),
  });

const link = (target: string, path: string) => {
  mkdirSync(dirname(path), {recursive: true});
  symlinkSync(target, path);
};

function open(folder: string, cache: string) {
  const renderer = revideoRenderer({project: folder, cache});
  onTestFinished(() => renderer.close());
  return renderer;
}

/** A workspace: packages above the film, and a sibling in TypeScript that makes a node. */
const workspace = () => {
  const folder = folderOf({
    'package.json': JSON.stringify({private: true, workspaces: ['packages/*']}),
    'packages/kit/package.json': JSON.stringify({
      name: 'kit',
      version: '1.0.0',
      type: 'module',
      exports: './kit.ts',
    }),
    'packages/kit/kit.ts': `import {Rect} from '@revideo/2d';\nexport const word: string = 'first';\nexport const box = () => new Rect({size: 3});`,
    'packages/film/package.json': JSON.stringify({name: 'film', dependencies: {kit: '*'}}),
    'packages/film/src/project.jsx': telling(
      `{isRect: box() instanceof Rect, word}`,
      `import {box, word} from 'kit';`,
    ).replace(/type \w+, /g, ''),
  });
  link('../packages/kit', join(folder, 'node_modules/kit'));
  return folder;
};

describe('A project is rendered from', {timeout: 120_000}, () => {
  it('a workspace, with a sibling package in TypeScript that is compiled again once it has changed', async () => {
    const folder = workspace();
    link(join(PACKAGES, '@revideo'), join(folder, 'node_modules/@revideo'));
    const cache = await throwAwayCache();
    const first = open(join(folder, 'packages/film'), cache);
    expect(await toldBy(first)).toEqual({isRect: true, word: 'first'});
    const hash = await first.fingerprint({signal: AbortSignal.timeout(60_000)} as never);
    expect(await open(join(folder, 'packages/film'), cache).fingerprint({} as never)).toBe(hash);
    writeFileSync(
      join(folder, 'packages/kit/kit.ts'),
      `import {Rect} from '@revideo/2d';\nexport const word = 'second';\nexport const box = () => new Rect({size: 3});`,
    );
    expect(await toldBy(open(join(folder, 'packages/film'), cache))).toEqual({isRect: true, word: 'second'});
  });

  it('a folder whose output/ holds a text that it imports, which is compiled again once that has changed', async () => {
    const folder = folderOf({
      'src/project.tsx': telling('words', `import words from '../output/words.json';`),
      'output/words.json': '{"word": "first"}',
    });
    const cache = await throwAwayCache();
    expect(await toldBy(open(folder, cache))).toEqual({word: 'first'});
    expect(await toldBy(open(folder, cache))).toEqual({word: 'first'});
    writeFileSync(join(folder, 'output/words.json'), '{"word": "another"}');
    expect(await toldBy(open(folder, cache))).toEqual({word: 'another'});
  });

  it("pnpm's store, with one copy of Revideo", async () => {
    const folder = workspace();
    const store = join(folder, 'node_modules/.pnpm');
    for (const name of ['core', '2d']) {
      const home = join(store, `@revideo+${name}@0.11.0/node_modules`);
      copyPackage(`@revideo/${name}`, join(home, '@revideo', name));
      link(
        `../../../../node_modules/.pnpm/@revideo+${name}@0.11.0/node_modules/@revideo/${name}`,
        join(folder, 'packages/film/node_modules/@revideo', name),
      );
    }
    link(
      '../../../@revideo+core@0.11.0/node_modules/@revideo/core',
      join(store, '@revideo+2d@0.11.0/node_modules/@revideo/core'),
    );
    rmSync(join(folder, 'node_modules/kit'));
    link('../../kit', join(folder, 'packages/film/node_modules/kit'));
    const {packages} = await findProject(join(folder, 'packages/film'));
    expect(packages['@revideo/2d']).toMatch(/\.pnpm\/@revideo\+2d@0\.11\.0\/node_modules\/@revideo\/2d$/);
    expect(await toldBy(open(join(folder, 'packages/film'), await throwAwayCache()))).toEqual({
      isRect: true,
      word: 'first',
    });
  });

  it('its own version of Revideo, which the plan names, and warns of where it has not been tried', async () => {
    const folder = folderOf({'src/project.jsx': telling('{a: 1}').replace(/type \w+, /g, '')});
    for (const name of ['core', '2d']) {
      const home = join(folder, 'node_modules/@revideo', name);
      copyPackage(`@revideo/${name}`, home);
      const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
      writeFileSync(join(home, 'package.json'), JSON.stringify({...manifest, version: '0.11.9'}));
    }
    const cache = await throwAwayCache();
    const planned = {
      revideo: '0.11.9',
      warnings: [
        expect.stringMatching(/^The project uses Revideo 0\.11\.9, which .* has not been tried with/),
      ],
    };
    const options = {directory: scratch(), signal: AbortSignal.timeout(60_000)};
    expect(await open(folder, cache).plan(undefined, options)).toMatchObject(planned);
    // From the cache, and as an image has it.
    expect(await open(folder, cache).plan(undefined, options)).toMatchObject(planned);
    const bundle = join(scratch(), 'project');
    await writeBundle(await findProject(folder), {folder: bundle, cache});
    const compiled = revideoRenderer({project: folder, bundle, cache});
    onTestFinished(() => compiled.close());
    expect(await compiled.plan(undefined, options)).toMatchObject(planned);
  });

  it('packages whose names begin like a package of Revideo, with files of the same names', async () => {
    const folder = folderOf({
      'node_modules/@revideo/2d-more/package.json': JSON.stringify({
        ...{name: '@revideo/2d-more', version: '1.0.0', type: 'module', main: 'index.js'},
      }),
      'node_modules/@revideo/2d-more/index.js': `export * from './utils/mp4-parser-manager';`,
      'node_modules/@revideo/2d-more/utils/mp4-parser-manager.js': `export const word = 'more';`,
      'src/project.jsx': telling('{word}', `import {word} from '@revideo/2d-more';`).replace(
        /type \w+, /g,
        '',
      ),
    });
    for (const name of ['core', '2d']) {
      copyPackage(`@revideo/${name}`, join(folder, 'node_modules/@revideo', name));
    }
    expect(await toldBy(open(folder, await throwAwayCache()))).toEqual({word: 'more'});
  });

  it('CommonJS and plain JavaScript, whose packages are compiled again once one was upgraded', async () => {
    const folder = folderOf({
      'package.json': JSON.stringify({type: 'commonjs'}),
      'node_modules/words/package.json': JSON.stringify({name: 'words', version: '1.0.0', main: 'index.js'}),
      'node_modules/words/index.js': `module.exports.word = 'one';`,
      'src/project.js': `
        import {makeScene2D} from '@revideo/2d';
        import {makeProject, useScene, waitFor} from '@revideo/core';
        import {word} from 'words';
        const scene = makeScene2D('facts', function* () {
          useScene().variables.get('word', word);
          yield* waitFor(0.1);
        });
        export default makeProject({scenes: [scene]});`,
    });
    const cache = await throwAwayCache();
    expect(await toldBy(open(folder, cache))).toEqual({word: 'one'});
    writeFileSync(join(folder, 'node_modules/words/index.js'), `module.exports.word = 'three';`);
    expect(await toldBy(open(folder, cache))).toEqual({word: 'three'});
  });
});
