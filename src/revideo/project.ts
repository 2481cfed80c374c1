import {access, stat} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {RenderError} from '../errors.ts';

/** A Revideo project on disk. */
export interface Project {
  /** Its folder. */
  folder: string;
  /** The file that exports the project. */
  file: string;
  /** Its static files; may not exist. */
  publicFolder: string;
  /** Where `@revideo/core` and `@revideo/2d` are taken from. */
  packages: Record<'@revideo/core' | '@revideo/2d', string>;
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

/** A project with packages of its own keeps them; one without takes ours. */
function packagesFor(folder: string): Project['packages'] {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(join(folder, 'package.json'));
  const locate = (name: string) => {
    const manifest = `${name}/package.json`;
    try {
      return dirname(theirs.resolve(manifest));
    } catch {
      return dirname(ours.resolve(manifest));
    }
  };
  return {'@revideo/core': locate('@revideo/core'), '@revideo/2d': locate('@revideo/2d')};
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
