import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Plugin} from 'vite';
import {foldersAbove} from '../packages.ts';
import {isBare} from './resolve.ts';

/**
 * Finds the files that a package imports by the package's own name, in the package's own folder. A workspace links its
 * packages into `node_modules`, where such an import leads; a single folder of it has no such link. Where a package has
 * `exports`, the bundler follows them itself.
 */
export const ownPackage = (): Plugin => ({
  name: 'revideo-lambda:own-package',
  // Behind the bundler's own search: an installed package of that name comes first.
  enforce: 'post',
  async resolveId(source, importer, options) {
    if (!importer || !isBare(source)) return null;
    const [path = importer] = importer.split('?');
    const found = await packageOf(path);
    if (found?.name === undefined || !`${source}/`.startsWith(`${found.name}/`)) return null;
    const file = join(found.folder, source.slice(found.name.length));
    return this.resolve(file, importer, {...options, skipSelf: true});
  },
});

/** The package that a file belongs to: as for Node, that of the nearest `package.json` above it. */
async function packageOf(file: string): Promise<{folder: string; name: string | undefined} | undefined> {
  for (const folder of foldersAbove(dirname(file))) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return {folder, name: nameIn(text)};
  }
  return undefined;
}

function nameIn(text: string): string | undefined {
  try {
    const {name} = JSON.parse(text) as {name?: unknown};
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    // A file that is no JSON names no package; an import of one then fails by its own name.
    return undefined;
  }
}
