import {realpathSync} from 'node:fs';
import {basename, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {RenderError} from '../../base/errors.ts';
import {findProject, type Project, pathOf} from '../../renderers/revideo/project.ts';
import {tell} from './print.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** A project that a command is about. */
export interface ChosenProject extends Project {
  /** By which every process of the command finds it. */
  path: string;
  /** As people know it: the name of its folder, and of its project file where that is not `src/project`. */
  name: string;
}

/**
 * The project that a command names, or else the one of the working directory: `revideo-project` in this repository.
 * Says on standard error which file is taken where that had to be searched for.
 *
 * @throws `ProjectNotFound`; `BadSetting` for one that is named beside a compiled one
 */
export async function chooseProject(named: string | undefined): Promise<ChosenProject> {
  const {REVIDEO_BUNDLE: bundle} = process.env;
  if (named && bundle)
    throw new RenderError(
      'BadSetting',
      `--project is ${JSON.stringify(named)}, but REVIDEO_BUNDLE is ${JSON.stringify(bundle)}: a compiled project takes the place of any other. Leave one of them out.`,
    );
  const project = await findProject(named ?? (isRepository(process.cwd()) ? 'revideo-project' : '.'));
  const {folder, file, searched} = project;
  const below = relative(folder, file);
  if (searched) tell(`The project file is ${below} in ${folder}.`);
  const isUsual = /^src[/\\]project\.[jt]sx?$/.test(below);
  return {...project, path: pathOf(project), name: basename(folder) + (isUsual ? '' : `/${below}`)};
}

const isRepository = (folder: string): boolean => realpathSync(folder) === realpathSync(REPOSITORY);
