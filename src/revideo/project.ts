import {access, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {RenderError} from '../errors.ts';
import {type Packages, packagesFor} from './packages.ts';

/** A Revideo project on disk. */
export interface Project {
  /** Its folder. */
  folder: string;
  /** The file that exports the project. */
  file: string;
  /** Its static files; may not exist. */
  publicFolder: string;
  /** Where `@revideo/core` and `@revideo/2d` are taken from. */
  packages: Packages;
}

const FILES = ['src/project.tsx', 'src/project.ts', 'src/project.jsx', 'src/project.js'];

/**
 * Finds the project in a folder.
 *
 * @throws `ProjectNotFound` that says where it looked.
 */
export async function findProject(path: string): Promise<Project> {
  const folder = resolve(path);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new RenderError(
      'ProjectNotFound',
      `There is no folder ${folder}. Name the folder of a Revideo project.`,
    );
  }
  for (const name of FILES) {
    const file = join(folder, name);
    if (await exists(file)) {
      return {folder, file, publicFolder: join(folder, 'public'), packages: packagesFor(folder)};
    }
  }
  throw new RenderError(
    'ProjectNotFound',
    `${folder} holds no Revideo project: none of ${FILES.join(', ')} is there. The project file exports makeProject({scenes: [...]}) as its default.`,
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
