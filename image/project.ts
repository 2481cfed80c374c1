import {cp, rm} from 'node:fs/promises';
import {isAbsolute, join, relative, resolve, sep} from 'node:path';
import {RenderError} from '../src/errors.ts';
import {findProject} from '../src/revideo/project.ts';
import {ROOT} from './root.ts';

/** Where a project of another place is put: an image is built of this repository's files alone. */
const COPY = '.project';

/** Folders of the repository that .dockerignore leaves out: a project in one of them is copied too. */
const IGNORED = ['bench', 'docs', 'events', 'examples', 'infra', 'local-lambda', 'out', 'test'];

/**
 * Names a project's folder as the image's build sees it; one outside of the repository is copied in.
 *
 * @param root of the repository
 * @throws `ProjectNotFound` where there is none; `BadSetting` for a folder that holds the repository
 */
export async function bringIn(project: string, {root = ROOT}: {root?: string} = {}): Promise<string> {
  const {folder} = await findProject(project);
  const path = relative(root, resolve(folder));
  if (/^[./\\]*$/.test(path))
    throw new RenderError(
      'BadSetting',
      `--project is ${JSON.stringify(project)}, which holds this repository; it must be a folder of its own.`,
    );
  const isOutside = path.startsWith('..') || isAbsolute(path);
  // A path with a space or the like is none for a Dockerfile.
  const isUsable = /^[\w./-]+$/.test(path) && !IGNORED.includes(path.split(sep)[0] ?? '');
  if (!isOutside && isUsable) return path;
  const copy = join(root, COPY);
  await rm(copy, {recursive: true, force: true});
  const left = new Set(['node_modules', '.git', 'out', 'dist']);
  const filter = (file: string) => !left.has(relative(folder, file));
  // A link that leads out of the project leads nowhere then, as everywhere.
  await cp(folder, copy, {recursive: true, verbatimSymlinks: true, filter});
  return COPY;
}
