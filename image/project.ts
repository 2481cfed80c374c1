import {cpSync, existsSync, rmSync, writeFileSync} from 'node:fs';
import {isAbsolute, join, relative, resolve, sep} from 'node:path';
import {readConfig} from '../src/apps/config.ts';
import {RenderError} from '../src/base/errors.ts';
import {VERSION} from '../src/base/version.ts';
import {findProject} from '../src/renderers/revideo/project.ts';
import {projectRoot} from '../src/renderers/revideo/project-root.ts';
import {removeOwnCopy} from './own-copy.ts';
import {BASE_IMAGE, ROOT} from './root.ts';

/** Where a project of another place is put: an image is built of this repository's files alone. */
const COPY = '.project';

/** Folders of the repository that .dockerignore leaves out: a project in one of them is copied too. */
const IGNORED = ['bench', 'docs', 'events', 'examples', 'infra', 'local-lambda', 'out', 'test'];

/**
 * Names a project as the image's build sees it, by its folder or by its project file; one outside of the repository is
 * copied in.
 *
 * @param root of the repository
 * @throws `ProjectNotFound` where there is none; `BadSetting` for a folder that holds the repository
 */
export async function bringIn(project: string, {root = ROOT}: {root?: string} = {}): Promise<string> {
  const found = await findProject(project);
  const {folder, file} = found;
  // By its folder where that is enough, as the settings of a deployment keep it.
  const byFolder = await findProject(folder).catch(() => undefined);
  const below = byFolder?.file === file ? '' : relative(folder, file);
  return placeProject({folder, below}, {root, project});
}

/**
 * Puts a project where the image's build sees it.
 *
 * @param below its project file, as a path from its folder; empty where the folder is enough
 * @param root what the build sees
 * @param project as it was named, for a message
 * @returns the project, as a path from `root`
 * @throws `BadSetting` for a folder that holds the repository
 */
export function placeProject(
  {folder, below}: {folder: string; below: string},
  {root, project}: {root: string; project: string},
): string {
  const path = relative(root, resolve(folder));
  if (/^[./\\]*$/.test(path))
    throw new RenderError(
      'BadSetting',
      `--project is ${JSON.stringify(project)}, which holds this repository; it must be a folder of its own, or a file of a folder with its own package.json.`,
    );
  const isOutside = path.startsWith('..') || isAbsolute(path);
  // A Dockerfile cannot use a path with a space or a similar character.
  const isUsable = /^[\w./-]+$/.test(path) && !IGNORED.includes(path.split(sep)[0] ?? '');
  if (!isOutside && isUsable) return join(path, below);
  return join(copyProject(folder, root), below);
}

/**
 * Copies a project to where an image's build sees it.
 *
 * @param folder of the project
 * @param root what the build sees
 * @returns the copy, as a path from there
 */
function copyProject(folder: string, root: string): string {
  const copy = join(root, COPY);
  rmSync(copy, {recursive: true, force: true});
  const left = new Set(['node_modules', '.git', 'out', 'dist', 'cdk.out']);
  const filter = (file: string) => !left.has(relative(folder, file));
  // A link that leads out of the project leads nowhere then, as everywhere.
  cpSync(folder, copy, {recursive: true, verbatimSymlinks: true, filter});
  // This file marks the folder of the project; above the copy there is the repository's.
  if (!existsSync(join(copy, 'package.json'))) writeFileSync(join(copy, 'package.json'), '{}');
  removeOwnCopy(copy);
  return COPY;
}

/** The arguments of `Dockerfile` for a project in this repository, for every program that builds it. */
export function buildArguments(project: string, {root = ROOT}: {root?: string} = {}): Record<string, string> {
  const {typeCheck = 'warn', viteConfig} = readConfig();
  return {
    ...{BASE: BASE_IMAGE, ...projectArguments(project, {root})},
    ...{TYPE_CHECK: typeCheck, VITE_CONFIG: viteConfig, VERSION},
  };
}

/**
 * The arguments of the image's build for a project of the repository, which is named by its folder or its
 * project file.
 */
export function projectArguments(
  project: string,
  {root = ROOT}: {root?: string} = {},
): Record<string, string> {
  if (!/\.[cm]?[jt]sx?$/.test(project)) return {PROJECT: project};
  const folder = relative(root, projectRoot(join(root, project)));
  return {PROJECT: folder, PROJECT_FILE: relative(folder, project)};
}
