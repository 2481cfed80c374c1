import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';
import type {CompilerOptions, Tsconfigs} from './tsconfig.ts';

/** A file of this repository: what is imported from there is found among our packages. */
const OURS = fileURLToPath(import.meta.url);

/**
 * Follows `compilerOptions.paths`, and `baseUrl`. Revideo's dev server does so only with a plugin in the project's own
 * Vite settings; here it needs none. A pattern that leads nowhere leaves the import as it is.
 */
export const tsconfigPaths = (tsconfigs: Tsconfigs): Plugin => ({
  name: 'revideo-lambda:paths',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (!importer || !isBare(source) || importer.includes('/node_modules/')) return null;
    const [path = importer] = importer.split('?');
    const {options: compilerOptions} = await tsconfigs.of(dirname(path));
    for (const candidate of candidates(source, compilerOptions)) {
      const found = await this.resolve(candidate, importer, {...options, skipSelf: true});
      if (found && !found.external) return found;
    }
    return null;
  },
});

/**
 * Takes a package from this repository that the project does not have. A folder without `node_modules`
 * renders as if Revideo and its own packages were installed in it.
 *
 * @param packages folders of the project's Revideo packages, whose own packages come first
 */
export const ourPackages = (packages: readonly string[]): Plugin => ({
  name: 'revideo-lambda:our-packages',
  enforce: 'post',
  async resolveId(source, importer, options) {
    if (!importer || !isBare(source)) return null;
    for (const place of [...packages.map((folder) => join(folder, 'package.json')), OURS]) {
      const found = await this.resolve(source, place, {...options, skipSelf: true});
      if (found && !found.external) return found;
    }
    return null;
  },
});

/** Where an import may lead, as paths, the best match first: https://www.typescriptlang.org/tsconfig#paths */
export function candidates(source: string, {paths = {}, baseUrl}: CompilerOptions): string[] {
  const matches = Object.entries(paths).flatMap(([pattern, targets]) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return source === pattern ? [{length: Infinity, targets, star: ''}] : [];
    const fits =
      source.length >= before.length + after.length && source.startsWith(before) && source.endsWith(after);
    return fits
      ? [{length: before.length, targets, star: source.slice(before.length, source.length - after.length)}]
      : [];
  });
  const [best] = matches.sort((a, b) => b.length - a.length);
  const named = best?.targets.map((target) => target.replace('*', () => best.star)) ?? [];
  return baseUrl === undefined ? named : [...named, resolve(baseUrl, source)];
}

/** Whether a name is neither a path nor an address, nor one of the bundler's own. */
export const isBare = (source: string) => !/^(?:[./\\\0]|[a-z][a-z\d+.-]*:)/i.test(source);
