import {join} from 'node:path';
import {writeBundle} from '../src/renderers/revideo/bundle.ts';
import {findProject} from '../src/renderers/revideo/project.ts';
import type {Bench} from './films.ts';

/** Compiles a scene into a folder of its own, as an image for Lambda has it. Returns the folder. */
export async function compiled(scene: string, {work, cache, projects}: Bench): Promise<string> {
  const folder = join(work, `compiled-${scene}`);
  await writeBundle(await findProject(join(projects, scene)), {folder, cache});
  return folder;
}
