import {randomUUID} from 'node:crypto';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {z} from 'zod';
import {childEnvironment} from '../../../base/child-environment.ts';
import {endGroup} from '../../../base/end-group.ts';
import {type ErrorName, RenderError} from '../../../base/errors.ts';
import type {Project} from '../project.ts';
import {compiledVariables} from './environment.ts';
import {type OwnSettings, ownSettings, type ViteConfigUse, viteConfigIn} from './vite-config.ts';

/** The order to the child process: the project to compile. */
export interface BuildOrder {
  project: Project;
  outDir: string;
  own: OwnSettings;
  /** Each answer repeats it, because plugins of the project may send messages of their own. */
  token: string;
}

const Built = z.object({
  /** Paths of files. */
  inputs: z.array(z.string()),
  /** Where the project's own settings put its static files: a path, or `false` for nowhere. */
  publicFolder: z.union([z.string(), z.literal(false)]).optional(),
});
/** The files that a build has read. */
export type Built = z.infer<typeof Built>;

const BuildAnswer = z.union([
  Built.extend({token: z.string()}),
  z.object({failed: z.object({name: z.string(), message: z.string()}), token: z.string()}),
]);
/** The child's report: the files it has read, or why there is no build. */
export type BuildAnswer = z.infer<typeof BuildAnswer>;

const CHILD = fileURLToPath(new URL('./build-child.ts', import.meta.url));
/** Seconds that a build with a project's own plugins may take. */
const SECONDS = 600;
/** Lines of the child's output that an error repeats. */
const LAST_LINES = 10;

/**
 * Compiles a project. If it has settings of Vite or PostCSS, which run in Node, the build runs in its own
 * process that sees none of our credentials.
 *
 * @throws `ProjectBroken`
 */
export async function runBuild(project: Project, outDir: string, use: ViteConfigUse): Promise<Built> {
  const own = ownSettings(project.folder, use);
  if (own) return buildInChild({project, outDir, own, token: randomUUID()});
  const {build} = await import('./build.ts');
  const inputs = await build(project, outDir).catch((error: unknown) => {
    throw withHint(error, project, use);
  });
  return {inputs};
}

async function buildInChild(order: BuildOrder): Promise<Built> {
  const {folder} = order.project;
  const child = execaNode(CHILD, {
    cwd: folder,
    env: {
      ...childEnvironment(compiledVariables().map(([name]) => name)),
      NODE_ENV: 'development',
      DISABLE_TELEMETRY: 'true',
    },
    extendEnv: false,
    // The leader of a group, which ends with it.
    detached: true,
    ipcInput: order as never,
    timeout: SECONDS * 1000,
    killSignal: 'SIGKILL',
    stdin: 'ignore',
    all: true,
    maxBuffer: 1e6,
    reject: false,
  });
  // A process that a plugin has started may keep the output open, and execa would wait for it.
  child.nodeChildProcess.once('exit', () => endGroup(child.pid));
  const isAnswer = (message: unknown) => {
    const {success, data} = BuildAnswer.safeParse(message);
    return success && data.token === order.token;
  };
  const answer = (await child.getOneMessage({filter: isAnswer}).catch(() => undefined)) as
    | BuildAnswer
    | undefined;
  const {all = '', timedOut} = await child;
  if (answer && 'inputs' in answer) return answer;
  if (answer) throw new RenderError(answer.failed.name as ErrorName, answer.failed.message);
  const words = all.split('\n').slice(-LAST_LINES).join('\n');
  const what = timedOut ? `was not compiled within ${SECONDS} s` : 'ended the process that compiled it';
  throw new RenderError(
    'ProjectBroken',
    `The project in ${folder} ${what}. It has settings of its own for Vite or PostCSS; REVIDEO_VITE_CONFIG=off renders without them. Its last words:\n${words}`,
  );
}

/** A build that fails without a project's settings may need them. */
function withHint(error: unknown, {folder}: Project, use: ViteConfigUse): unknown {
  const config = viteConfigIn(folder);
  if (!config || !(error instanceof RenderError)) return error;
  const why = use === 'off' ? 'REVIDEO_VITE_CONFIG is off' : 'it does not use @revideo/vite-plugin';
  const text = `${error.message}\n${config} was not read, because ${why}. REVIDEO_VITE_CONFIG=on reads it.`;
  return new RenderError(error.name as ErrorName, text, {cause: error});
}
