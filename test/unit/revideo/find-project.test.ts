import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {describe, expect, it} from 'vitest';
import {findProject, pathOf} from '../../../src/renderers/revideo/project.ts';
import {exportsProject} from '../../../src/renderers/revideo/search-project.ts';
import {scratch} from '../../support/processes.ts';

const PROJECT = "import {makeProject} from '@revideo/core';\nexport default makeProject({scenes: []});\n";

/** Writes files, each a project file by default. Returns their folder. */
function folderWith(files: readonly string[], content: (name: string) => string = () => PROJECT): string {
  const folder = scratch();
  for (const name of files) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), name.endsWith('.json') ? '{}' : content(name));
  }
  return folder;
}

/** Finds what `path` names in a folder, and says where it is from there. */
async function find(folder: string, path = '.') {
  const project = await findProject(join(folder, path));
  // The same path given directly finds the same, without a search.
  const again = await findProject(pathOf(project));
  expect(again).toEqual({...project, searched: false});
  const {searched} = project;
  return {file: relative(folder, project.file), root: relative(folder, project.folder), searched};
}

describe('a folder', () => {
  it.each([['src/project.tsx'], ['src/project.js'], ['revideo/project.ts'], ['project.tsx']])(
    'has its project in %s',
    async (file) => {
      const others = ['package.json', 'src/other.ts', 'a.ts'];
      expect(await find(folderWith([file, ...others]))).toEqual({file, root: '', searched: false});
    },
  );

  it('without a package.json is the whole project all the same', async () => {
    const folder = folderWith(['package.json', 'film/src/project.tsx', 'film/public/a.txt']);
    expect(await find(folder, 'film')).toEqual({file: 'film/src/project.tsx', root: 'film', searched: false});
  });

  it('that is a part of a package belongs to that', async () => {
    const folder = folderWith(['package.json', 'revideo/project.ts', 'src/project.tsx']);
    expect(await find(folder, 'revideo')).toMatchObject({file: 'revideo/project.ts', root: ''});
    expect(await find(folder, 'src')).toMatchObject({file: 'src/project.tsx', root: ''});
  });

  it('with one file that exports a project has it found, wherever it is', async () => {
    const folder = folderWith(['package.json', 'src/templates/top.ts', 'src/app.ts', 'README.md'], (name) =>
      name.endsWith('top.ts') ? PROJECT : 'export default function makeProject() {}',
    );
    expect(await find(folder)).toEqual({file: 'src/templates/top.ts', root: '', searched: true});
  });

  it('belongs to the nearest package, in a repository of several', async () => {
    const folder = folderWith(['package.json', 'packages/a/package.json', 'packages/a/films/intro.tsx']);
    expect(await find(folder)).toMatchObject({file: 'packages/a/films/intro.tsx', root: 'packages/a'});
  });

  it('with several lists them as options', async () => {
    const folder = folderWith([
      'src/a.ts',
      "src/it's b.ts",
      'node_modules/x/src/c.ts',
      'dist/d.js',
      '.e/f.ts',
    ]);
    const failure = await findProject(folder).catch((error: Error) => error);
    expect(failure).toMatchObject({name: 'ProjectNotFound', retryable: false});
    const [first, ...options] = (failure as Error).message.split('\n');
    expect(first).toContain('holds 2 project files');
    expect(options).toEqual([`  --project ${folder}/src/a.ts`, `  --project '${folder}/src/it'\\''s b.ts'`]);
  });

  it('with very many lists some', async () => {
    const folder = folderWith(Array.from({length: 30}, (_, index) => `${index}.ts`));
    await expect(findProject(folder)).rejects.toThrow(/holds 30 project files(.*\n){21} {2}and 10 more$/);
  });

  it('without one says where it looked', async () => {
    const missing = {
      name: 'ProjectNotFound',
      message: expect.stringMatching(/src\/project\.tsx.*--project <file>/),
    };
    await expect(findProject(folderWith(['src/scene.ts'], () => ''))).rejects.toMatchObject(missing);
  });
});

describe('a file', () => {
  it.each([
    ['src/templates/x.ts', ''],
    ['packages/a/src/x.ts', 'packages/a'],
    ['loose.js', ''],
  ])('%s is the project file of its package', async (file, root) => {
    const folder = folderWith(['package.json', 'packages/a/package.json', 'src/project.tsx', file]);
    expect(await find(folder, file)).toEqual({file, root, searched: false});
  });

  it('beside one that is looked for first is the one that is meant', async () => {
    const folder = folderWith(['package.json', 'src/project.tsx', 'src/project.ts']);
    expect(await find(folder, 'src/project.ts')).toMatchObject({file: 'src/project.ts', root: ''});
  });

  it('that is none, or is not there, is named', async () => {
    const folder = folderWith(['film.json']);
    const refused = (path: string) => findProject(join(folder, path)).catch(({message}: Error) => message);
    expect(await refused('film.json')).toMatch(/film\.json is no project file\. .*\.tsx/);
    await expect(findProject('/dev/null')).rejects.toThrow(
      '/dev/null is neither a folder nor an ordinary file. Name',
    );
    expect(await refused('none.ts')).toMatch(/There is no folder and no file .*none\.ts/);
  });
});

describe('a source exports a project', () => {
  it.each([
    ['export default makeProject({scenes: []});', true],
    ['  export default makeProject<{a: 1}>({scenes: []});', true],
    ['const project = makeProject({scenes: []});\nexport default project;', true],
    ['const film: Project = makeProject({});\nexport {film as default};', true],
    ['// export default makeProject({scenes: []});', false],
    ['export function makeProject() {}', false],
    ['const project = makeProject({});\nrender(project);', false],
    ['const project = makeProject({});\nexport default function render() {}', false],
  ])('%s: %s', (source, expected) => {
    expect(exportsProject(source)).toBe(expected);
  });

  it('in time that grows with its length', () => {
    const long = 'makeProject export default x const x : y '.repeat(10_000);
    expect(exportsProject(`${long}\n${' '.repeat(100_000)}${'a'.repeat(100_000)}`)).toBe(false);
  });
});
