import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {basename, dirname, join} from 'node:path';

/**
 * The folder of the project that a project file belongs to: the nearest folder above it with a
 * `package.json`. Revideo's own tools run there and serve its `public/`. Without one it is the file's own
 * folder, or the one above that where the file is in `src/`.
 *
 * A `package.json` of the home folder or of the disk's top counts only if it names Revideo. Otherwise the
 * film would consist of the whole folder.
 *
 * @param otherwise the folder where there is no `package.json`, if one was named
 */
export function projectRoot(file: string, otherwise?: string): string {
  const own = dirname(file);
  for (let folder = own; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (!isEverything(folder) || namesRevideo(manifest))) return folder;
    if (folder === dirname(folder)) break;
  }
  if (otherwise !== undefined && !isEverything(otherwise)) return otherwise;
  return basename(own) === 'src' ? dirname(own) : own;
}

const isEverything = (folder: string): boolean => folder === dirname(folder) || folder === homedir();

function namesRevideo(manifest: string): boolean {
  try {
    return readFileSync(manifest, 'utf8').includes('"@revideo/');
  } catch {
    return false;
  }
}
