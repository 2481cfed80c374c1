import {access, stat} from 'node:fs/promises';
import {join, relative, resolve} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {type Packages, packagesFor} from './packages.ts';
import {projectRoot} from './project-root.ts';
import {searchProjects} from './search-project.ts';

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

/** A project, and whether a search found its file under an unusual name. */
export interface FoundProject extends Project {
  searched: boolean;
}

/** Where a project file is looked for in a folder, as paths from there; the first that is there is taken. */
export const PROJECT_FILES = ['src/project', 'revideo/project', 'project'].flatMap((name) =>
  ['tsx', 'ts', 'jsx', 'js'].map((extension) => `${name}.${extension}`),
);
/** Project files that a message lists. */
const LISTED = 20;

/**
 * Finds a project by its folder or by its project file. In a folder, the project file has a usual name, or is
 * the only one below whose default export is a call of `makeProject`.
 *
 * @throws `ProjectNotFound` that says where it looked, or between which files it cannot choose
 */
export async function findProject(path: string): Promise<FoundProject> {
  const named = resolve(path);
  const info = await stat(named).catch(() => undefined);
  if (info?.isFile()) {
    if (/\.[cm]?[jt]sx?$/.test(named)) return {...projectOf(named), searched: false};
    throw new RenderError(
      'ProjectNotFound',
      `${named} is no project file. Name a folder, or a file that ends in .ts, .tsx, .js or .jsx.`,
    );
  }
  if (info && !info.isDirectory()) {
    throw new RenderError(
      'ProjectNotFound',
      `${named} is neither a folder nor an ordinary file. Name the folder of a Revideo project, or its project file.`,
    );
  }
  if (!info) {
    throw new RenderError(
      'ProjectNotFound',
      `There is no folder and no file ${named}. Name the folder of a Revideo project, or its project file.`,
    );
  }
  for (const name of PROJECT_FILES) {
    const file = join(named, name);
    // A folder named `revideo` or `src` is a part of the project above it, unless it has packages of its own.
    const isPart = name.startsWith('project.');
    if (await exists(file)) return {...(isPart ? projectOf(file) : projectIn(named, file)), searched: false};
  }
  const [only, ...others] = await searchProjects(named);
  if (only === undefined) {
    throw new RenderError(
      'ProjectNotFound',
      `${named} holds no Revideo project: none of ${PROJECT_FILES.join(', ')} is there, and no other file below exports makeProject({scenes: [...]}) as its default. Name the project file: --project <file>.`,
    );
  }
  if (others.length > 0) throw severalFound(named, [only, ...others]);
  return {...projectOf(join(named, only), named), searched: true};
}

/** The path by which `findProject` finds the same project without searching, in whichever process. */
export const pathOf = ({folder, file}: Project): string => (projectRoot(file) === folder ? file : folder);

const projectIn = (folder: string, file: string): Project => ({
  folder,
  file,
  publicFolder: join(folder, 'public'),
  packages: packagesFor(folder),
});

const projectOf = (file: string, otherwise?: string): Project =>
  projectIn(projectRoot(file, otherwise), file);

function severalFound(folder: string, files: readonly string[]): RenderError {
  const lines = files.slice(0, LISTED).map((file) => `  --project ${shown(join(folder, file))}`);
  if (files.length > LISTED) lines.push(`  and ${files.length - LISTED} more`);
  return new RenderError(
    'ProjectNotFound',
    `${folder} holds ${files.length} project files. Name one of them:\n${lines.join('\n')}`,
  );
}

/** A path as a shell takes it, short where it is below the working directory. */
function shown(path: string): string {
  const below = relative(process.cwd(), path);
  const short = below.startsWith('..') ? path : below;
  return /^[\w./@+-]+$/.test(short) ? short : `'${short.replaceAll("'", `'\\''`)}'`;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
