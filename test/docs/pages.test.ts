import {existsSync, readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {generatedFiles, pageFiles} from '../../docs/generate/pages.ts';
import {anchorsOf, linksOf, undefinedNames} from './pages.ts';

const pages = await pageFiles();
const others = ['bench/README.md', 'bench/public-projects.md'];

it('what is generated from the code is as the code is now: else, npm run docs', async () => {
  const stale = [...(await generatedFiles())].filter(([path, text]) => readFileSync(path, 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

it.each(pages)('%s is short', (path) => {
  expect(readFileSync(path, 'utf8').split('\n').length - 1).toBeLessThan(path === 'README.md' ? 180 : 200);
});

it.each([...pages, ...others])('links of %s lead somewhere', (path) => {
  const broken = linksOf(path).filter(
    ({target, anchor}) =>
      !existsSync(target) ||
      (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor)),
  );
  expect(broken).toEqual([]);
  expect(undefinedNames(path)).toEqual([]);
});

it('every page is found from the index, and the index from the README', () => {
  const found = new Set(linksOf('docs/README.md').map(({target}) => target));
  expect(pages.filter((page) => page !== 'docs/README.md' && !found.has(page))).toEqual([]);
  expect(linksOf('README.md').map(({target}) => target)).toContain('docs/README.md');
});
