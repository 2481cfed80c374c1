import {symlink} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {loadRevideo, revideoSettings} from './revideo-settings.ts';

/** The needs of a project besides its folder. */
interface Request {
  /** From the project's folder. */
  projectFile?: string;
  variables?: Record<string, unknown>;
  /** Settings over the project's own, such as `{range: [0, 2]}` in seconds. */
  projectSettings?: object;
}

/** Revideo's renderVideo with one worker: what a film costs without cutting it, and what it should look like. */
const [cache = '', project = '', work = '', , request = '{}'] = process.argv.slice(2);
process.chdir(project);
process.env.TMPDIR = work;
// It looks for the sound's sources in `public` beside its output folder.
await symlink(join(project, 'public'), join(work, 'public'));
const {renderVideo} = await loadRevideo(project);
const {projectFile = './src/project.tsx', variables, projectSettings} = JSON.parse(request) as Request;
const settings = {
  ...(await revideoSettings({cache, work, port: 22_000})),
  outFile: 'film.mp4' as const,
  workers: 1,
  ...(projectSettings && {projectSettings}),
};
const film = await renderVideo({projectFile, settings, ...(variables && {variables})});
console.log(JSON.stringify({film: resolve(film)}));
process.exit();
