import {glob, mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

import {describe, expect, it} from 'vitest';
import {build} from '../../../src/renderers/revideo/compile/build.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {compiled, folderOf, telling, toldBy} from '../../support/compiled.ts';
import {scratch} from '../../support/processes.ts';

const WORDS = '@studio/film/assets/words.json';

/** A film that imports a file by the name of its own package. */
const film = (manifest: object, imported = WORDS) =>
  folderOf({
    'package.json': JSON.stringify({name: '@studio/film', ...manifest}),
    'assets/words.json': '{"word": "own"}',
    'src/project.tsx': telling('words', `import words from '${imported}';`),
  });

/** `<CodeBlock>` highlights nothing before its highlighter is loaded. */
const CODE = `
import {makeScene2D} from '@revideo/2d';
import {CodeBlock} from '@revideo/2d/lib/components/CodeBlock';
import {createRef, makeProject, useScene, waitFor} from '@revideo/core';
const scene = makeScene2D('code', function* (view) {
  const block = createRef();
  yield view.add(<CodeBlock ref={block} language="tsx" code={'var first = true;'} />);
  yield* waitFor(0.1);
  useScene().variables.get('colours', new Set(block().parsed().map(({color}) => color)).size);
});
export default makeProject({scenes: [scene], settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}}});
`;

describe('Without anything from elsewhere', {timeout: 120_000}, () => {
  it('a project imports its own files by the name of its package, as in a workspace', async () => {
    expect(await toldBy(await compiled(film({})))).toEqual({word: 'own'});
  });

  it('a package whose exports say where such a name leads is followed there', async () => {
    const folder = film({exports: {'./words': './assets/words.json'}}, '@studio/film/words');
    expect(await toldBy(await compiled(folder))).toEqual({word: 'own'});
  });

  it('a name that only begins like that of the package is no file of it', async () => {
    const folder = film({}, '@studio/filming/assets/words.json');
    await expect(compiled(folder)).rejects.toThrow('There is no package "@studio/filming/assets/words.json"');
  });

  it('<CodeBlock> highlights with the WebAssembly that is installed', async () => {
    const folder = folderOf({'src/project.jsx': CODE});
    expect(await toldBy(await compiled(folder))).toEqual({colours: expect.toSatisfy((count) => count > 1)});
    const page = join(scratch(), 'page');
    await mkdir(page);
    await build(await findProject(folder), page);
    for await (const name of glob('*.js', {cwd: page})) {
      expect(await readFile(join(page, name), 'utf8')).not.toContain('https://esm.sh');
    }
  });
});
