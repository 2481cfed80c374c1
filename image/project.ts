import {cp, rm} from 'node:fs/promises';
import {isAbsolute, join, relative, resolve} from 'node:path';
import {findProject} from '../src/revideo/project.ts';
import {ROOT} from './root.ts';

/** Where a project of another place is put: an image is built of this repository's files alone. */
const COPY = '.project';

/**
 * Names a project's folder as the image's build sees it; one outside of the repository is copied in.
 *
 * @param root of the repository
 * @throws `ProjectNotFound` where there is none
 */
export async function bringIn(project: string, {root = ROOT}: {root?: string} = {}): Promise<string> {
  const {folder} = await findProject(project);
  const path = relative(root, resolve(folder));
  if (path && !path.startsWith('..') && !isAbsolute(path)) return path;
  const copy = join(root, COPY);
  await rm(copy, {recursive: true, force: true});
  const left = new Set(['node_modules', '.git', 'out', 'dist']);
  await cp(folder, copy, {recursive: true, filter: (file) => !left.has(relative(folder, file))});
  return COPY;
}
