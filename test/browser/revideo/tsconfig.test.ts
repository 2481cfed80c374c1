import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {candidates} from '../../../src/renderers/revideo/compile/resolve.ts';
import {Tsconfigs} from '../../../src/renderers/revideo/compile/tsconfig.ts';
import {folderOf} from '../../support/compiled.ts';

const REVIDEO = {
  jsx: 'react-jsx',
  jsxImportSource: '@revideo/2d/lib',
  target: 'es2020',
  experimentalDecorators: true,
};
const read = (folder: string) => new Tsconfigs().of(folder).then(({options}) => options);

describe('Compiler options', () => {
  it('come from the nearest tsconfig above, and what that extends is taken from this repository', async () => {
    const folder = folderOf({
      'tsconfig.json':
        '{"extends": "@revideo/2d/tsconfig.project.json", "compilerOptions": {"target": "es2022"}}',
      'src/deep/scene.tsx': '',
    });
    expect(await read(join(folder, 'src/deep'))).toMatchObject({...REVIDEO, target: 'es2022'});
  });

  it("are those of Revideo's template where there is none", async () => {
    expect(await read(folderOf({'a.ts': ''}))).toMatchObject(REVIDEO);
  });

  it('come from several that are extended, the last of them first', async () => {
    const folder = folderOf({
      'tsconfig.json': '{"extends": ["./one", "./two.json"]}',
      'one.json': '{"compilerOptions": {"target": "es2017", "jsx": "react"}}',
      'two.json': '{"compilerOptions": {"target": "es2018"}}',
    });
    expect(await read(folder)).toEqual({target: 'es2018', jsx: 'react'});
  });

  it('come from the first that is referred to, where a file has none itself', async () => {
    const folder = folderOf({
      'tsconfig.json':
        '{"files": [], "references": [{"path": "./gone.json"}, {"path": "./tsconfig.app.json"}]}',
      'tsconfig.app.json': '{"compilerOptions": {"target": "es2019"}}',
    });
    expect(await read(folder)).toEqual({target: 'es2019'});
  });

  it.each([
    [
      'has comments and a comma too many',
      '{/* a */ "compilerOptions": {"target": "es2019",}, // b\n}',
      {target: 'es2019'},
    ],
    ['is broken', '{"compilerOptions": {"target": "es2019"', {target: 'es2019'}],
    ['is empty', '', {}],
    ['is a list', '[]', {}],
    [
      'extends itself',
      '{"extends": "./tsconfig.json", "compilerOptions": {"target": "es2019"}}',
      {target: 'es2019'},
    ],
    [
      'extends itself twice',
      '{"extends": ["./tsconfig.json", "./tsconfig.json"], "compilerOptions": {"target": "es2019"}}',
      {target: 'es2019'},
    ],
    [
      'is nested deeper than a parser reads',
      `{"compilerOptions": {"paths": {"x": ${'['.repeat(200_000)}`,
      {},
    ],
    [
      'extends what is nowhere',
      '{"extends": ["gone", "./gone", 7], "compilerOptions": {"target": "es2019"}}',
      {target: 'es2019'},
    ],
    [
      'has options of no sense',
      '{"compilerOptions": {"paths": {"a": "b", "c": [1]}, "baseUrl": 3}}',
      {paths: {a: [expect.any(String)], c: []}},
    ],
  ])('are what can be read of a file that %s', async (_, text, options) => {
    expect(await read(folderOf({'tsconfig.json': text}))).toEqual(options);
  });
});

describe('An import that is named in paths', () => {
  const paths = {
    '~/*': ['/src/*', '/lib/*'],
    '~/deep/*': ['/deep/*'],
    '*.svg': ['/icons/*.svg'],
    exact: ['/exact.ts'],
  };

  it.each([
    ['exact', ['/exact.ts']],
    ['exactly', []],
    ['~/a$&b', ['/src/a$&b', '/lib/a$&b']],
    ['~/deep/a', ['/deep/a']],
    ['box.svg', ['/icons/box.svg']],
    ['.svg', ['/icons/.svg']],
    ['svg', []],
  ])('%s leads to %j', (source, expected) => {
    expect(candidates(source, {paths})).toEqual(expected);
  });

  it('is looked for below baseUrl last', () => {
    expect(candidates('~/a', {paths, baseUrl: '/base'})).toEqual(['/src/a', '/lib/a', '/base/~/a']);
  });
});
