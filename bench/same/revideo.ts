import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';

/** The needs of a project besides its folder. */
export interface Needs {
  /** The project file, from the project's folder; `src/project.tsx` unless named. */
  projectFile?: string;
  /** Left out, the project's own stay. */
  variables?: Record<string, unknown>;
  /** Settings over the project's own, such as `{range: [0, 2]}` in seconds. */
  projectSettings?: object;
}

const SIDE = fileURLToPath(new URL('../sides/render-video.ts', import.meta.url));

/**
 * Renders a project with Revideo's own `renderVideo`, one worker, in a process of its own. Returns the film, which lies
 * in a new folder below `work`. Rejects with what it printed if it fails, or takes longer than `timeout` milliseconds.
 */
export async function renderByRevideo(
  project: string,
  {projectFile, variables, projectSettings}: Needs,
  {cache, work = tmpdir(), timeout = 120_000}: {cache: string; work?: string; timeout?: number},
): Promise<string> {
  const folder = await mkdtemp(join(work, 'by-revideo-'));
  const request = {variables, projectSettings, ...(projectFile && {projectFile: `./${projectFile}`})};
  const render = () =>
    execaNode(SIDE, [cache, project, folder, '1', JSON.stringify(request)], {
      env: {DISABLE_TELEMETRY: 'true'},
      stdin: 'ignore',
      timeout,
      maxBuffer: 50_000_000,
    });
  // Its dev server may find a package only while the page runs, and then has the page take a second copy of Revideo.
  const {stdout} = await render().catch((error: Error) => {
    if (!error.message.includes('The scene is not available in the current context')) throw error;
    return render();
  });
  // Everything that Revideo prints goes there too; the result is the last line.
  const {film} = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {film: string};
  return film;
}
