import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {childEnvironment} from '../../src/base/child-environment.ts';
import {endGroup} from '../../src/base/end-group.ts';
import {RenderError} from '../../src/base/errors.ts';
import {addressesIn, hideSecrets} from '../../src/base/hide-secrets.ts';
import type {BorderProxy} from '../../src/base/network/proxy.ts';
import type {PageFailure} from '../../src/renderers/revideo/page/failures.ts';
import type {ChildJob, ChildMessage} from './child.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Lines of the child's output that an error repeats. */
const LAST_LINES = 10;
/** Variables that the child needs besides those of every program. */
const ENVIRONMENT = ['LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'FFPROBE_PATH'];

/** How a child is run. */
export interface ChildOptions {
  /** The project's folder. */
  cwd: string;
  /** For all files it writes. */
  directory: string;
  signal: AbortSignal;
  /** Its way out; what is refused there ends it. */
  proxy: BorderProxy;
  /** Without a drawn frame after which it counts as hung. */
  stallSeconds: number;
  /** Gets the share that is drawn, from 0 to 1. */
  onProgress: (progress: number) => void;
}

/**
 * Calls renderPartialVideo in a process of its own. Returns the path of the video that was drawn, once
 * nothing of the child is left.
 *
 * @throws `SceneFailed`, `MediaFailed`, `RenderStalled`, `BrowserCrashed`, or the signal's reason.
 */
export async function runChild(job: ChildJob, options: ChildOptions): Promise<string> {
  const {cwd, directory, signal, proxy, stallSeconds, onProgress} = options;
  const said: string[] = [];
  const known = addressesIn(job.variables);
  const hide = (text: string) => hideSecrets(text, known);
  const words = () => `Its last words:\n${hide(said.join('\n'))}`;
  const stop = new AbortController();
  const stall = () =>
    stop.abort(new RenderError('RenderStalled', `Nothing was drawn for ${stallSeconds} s. ${words()}`));
  let timer = setTimeout(stall, stallSeconds * 1000);
  const refuse = (error: RenderError) => stop.abort(error);
  proxy.listeners.add(refuse);
  const child = execaNode(CHILD, {
    cwd,
    env: {
      ...childEnvironment(ENVIRONMENT),
      HOME: directory,
      TMPDIR: directory,
      // ffmpeg reads these variables, and so does Node with the option above.
      http_proxy: proxy.address,
      https_proxy: proxy.address,
      no_proxy: 'localhost',
      NODE_USE_ENV_PROXY: '1',
      DISABLE_TELEMETRY: 'true',
      DONT_WRITE_TO_META_FILES: 'true',
    },
    extendEnv: false,
    detached: true,
    ipcInput: job as never,
    cancelSignal: AbortSignal.any([signal, stop.signal]),
    forceKillAfterDelay: 2_000,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  });
  let answer: ChildMessage | undefined;
  const listen = async () => {
    for await (const message of child.getEachMessage()) {
      answer = message as unknown as ChildMessage;
      clearTimeout(timer);
      timer = setTimeout(stall, stallSeconds * 1000);
      if ('progress' in answer) onProgress(answer.progress);
    }
  };
  const read = async () => {
    for await (const line of child.iterable({from: 'all'})) {
      said.push(line);
      if (said.length > LAST_LINES) said.shift();
    }
  };
  await Promise.all([child, listen(), read()]);
  clearTimeout(timer);
  proxy.listeners.delete(refuse);
  // The child's own children that it could not take along: ffmpeg, mostly.
  endGroup(child.pid);
  signal.throwIfAborted();
  stop.signal.throwIfAborted();
  if (answer && 'video' in answer) return answer.video;
  if (answer && 'failed' in answer) throw toError(answer.failed, {words: words(), hide});
  throw new RenderError('BrowserCrashed', `renderPartialVideo ended without a result. ${words()}`);
}

function toError(
  failed: string,
  {words, hide}: {words: string; hide: (text: string) => string},
): RenderError {
  if (!failed.startsWith('{')) return new RenderError('BrowserCrashed', `${hide(failed)}\n${words}`);
  const {kind, message, scene, frame, stack} = JSON.parse(failed) as PageFailure;
  const where = frame === undefined ? '' : `Frame ${frame}${scene ? `, scene "${scene}"` : ''}: `;
  const clean = (text: string) => hide(text.replaceAll(/http:\/\/localhost:\d+/g, ''));
  const error = new RenderError(
    kind === 'media' ? 'MediaFailed' : 'SceneFailed',
    clean(`${where}${message}`),
  );
  if (stack) error.stack = `${error.name}: ${error.message}\n${clean(stack)}`;
  return error;
}
