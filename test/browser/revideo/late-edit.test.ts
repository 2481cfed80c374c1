import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {bundleProject} from '../../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {folderOf, telling} from '../../support/compiled.ts';
import {scratch} from '../../support/processes.ts';

it('A file outside of the project that is edited after the compiler has read it is compiled again', {
  timeout: 120_000,
}, async () => {
  const folder = folderOf({
    'film/package.json': '{}',
    'film/src/project.tsx': telling('{word}', `import {word} from '../../shared/word.js';`),
    'shared/word.js': `export const word = 'before the edit';`,
  });
  const cache = scratch();
  const bundles = join(cache, 'bundles');
  const isCompiled = () =>
    existsSync(bundles) && readdirSync(bundles).some((name) => existsSync(join(bundles, name, 'index.html')));
  const {packages, ...project} = await findProject(join(folder, 'film'));
  let edits = 0;
  const edited = {
    ...project,
    // Read between the comparison of the files and the build's key: the edit comes at this moment.
    get packages() {
      if (edits === 0 && isCompiled()) {
        edits++;
        writeFileSync(join(folder, 'shared/word.js'), `export const word = 'after the edit';`);
      }
      return packages;
    },
  };
  const build = await bundleProject(edited, {cache, typeCheck: 'off'});
  expect(edits).toBe(1);
  const page = readdirSync(build.folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(build.folder, name), 'utf8'))
    .join('');
  expect(page.match(/\w+ the edit/g)).toEqual(['after the edit']);
});
