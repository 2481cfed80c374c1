import {symlink} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {loadRevideo, revideoSettings} from './revideo-settings.ts';

/** Revideo's renderVideo with one worker: what a film costs without cutting it. */
const [cache = '', project = '', work = ''] = process.argv.slice(2);
process.chdir(project);
process.env.TMPDIR = work;
await symlink(join(project, 'public'), join(work, 'public'));
const {renderVideo} = await loadRevideo();
const settings = {
  ...(await revideoSettings({cache, work, port: 22_000})),
  outFile: 'film.mp4' as const,
  workers: 1,
};
const film = await renderVideo({projectFile: './src/project.tsx', settings});
console.log(JSON.stringify({film: resolve(film)}));
process.exit();
