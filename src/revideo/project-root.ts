import {existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';

/**
 * The folder of the project that a project file belongs to: the nearest one above it with a `package.json`, since
 * Revideo's own tools are run from there and serve the `public/` of it. Without one it is the file's own folder, or the
 * one above that where the file is in `src/`.
 *
 * @param otherwise the folder where there is no `package.json`, if one was named
 */
export function projectRoot(file: string, otherwise?: string): string {
  const own = dirname(file);
  for (let folder = own; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return otherwise ?? (basename(own) === 'src' ? dirname(own) : own);
  }
}
