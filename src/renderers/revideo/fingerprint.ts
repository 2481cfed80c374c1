import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {TypeCheck} from '../../model/type-checks.ts';
import {surroundings} from './build-inputs.ts';
import {compiledVariables} from './compile/environment.ts';
import {SOURCES} from './compile/sources.ts';
import type {ViteConfigUse} from './compile/vite-config.ts';
import {type FileState, statesOf} from './file-states.ts';
import {projectFiles} from './files.ts';
import type {Project} from './project.ts';

/** A build's input, as far as it is known before the build. */
export interface Snapshot {
  /** Names it: cheap, by size and time for the project, by content for small files. */
  source: string;
  /** The state of every file of the project. */
  files: ReadonlyMap<string, FileState>;
}

/**
 * Takes the state of a project.
 *
 * @throws `ProjectBroken` for a folder with too many files
 */
export async function snapshot(
  project: Project,
  {typeCheck, viteConfig}: {typeCheck: TypeCheck; viteConfig: ViteConfigUse},
): Promise<Snapshot> {
  const hash = createHash('sha256');
  const {dependencies} = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  hash.update(JSON.stringify([dependencies, project, compiledVariables(), typeCheck]));
  for (const file of await projectFiles(SOURCES)) hash.update(await readFile(file));
  const files = await statesOf(await projectFiles(project.folder));
  for (const state of files.values()) hash.update(JSON.stringify(state));
  for (const folder of Object.values(project.packages))
    hash.update(await readFile(join(folder, 'package.json')));
  hash.update(JSON.stringify(await surroundings(project, viteConfig)));
  return {source: hash.digest('hex').slice(0, 32), files};
}
