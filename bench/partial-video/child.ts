import {once} from 'node:events';
import {access, chmod, constants} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {type AddressInfo, createServer} from 'node:net';
import {getOneMessage, sendMessage} from 'execa';
import {browserFlags} from '../../src/renderers/revideo/start-browser.ts';

/** The child's order: the chunk, and the tools to draw it. */
export interface ChildJob {
  chunk: {start: number; end: number};
  /** Undefined: the project's own. */
  variables: Readonly<Record<string, unknown>> | undefined;
  /** Seconds in which a server has to say something about a clip, a sound or a picture. */
  mediaTimeout: number;
  /** The project file, from the project's folder, which is the working directory. */
  file: string;
  /** Where imports of the page lead, by their beginning. */
  aliases: Record<string, string>;
  /** Folders whose files the page may ask for. */
  readable: string[];
  viteCache: string;
  outDir: string;
  browser: {path: string; environment: Record<string, string>};
  /** The address of the proxy that looks at whatever page and ffmpeg ask for. */
  proxy: string;
  ffmpeg: string;
}

/** The child's report. `failed` is a `PageFailure` as JSON, or plain words. */
export type ChildMessage = {progress: number} | {video: string} | {failed: string};

interface PartialRenderer {
  renderPartialVideo(request: object): Promise<{videoFile: string}>;
}

// However this ends, puppeteer takes the browser along, as long as it ends by exit().
process.once('SIGTERM', () => process.exit(1));
process.once('disconnect', () => process.exit(1));

const job = (await getOneMessage()) as unknown as ChildJob;
const send = (message: ChildMessage) => sendMessage(message as never);
const require = createRequire(import.meta.url);
const {renderPartialVideo} = require('@revideo/renderer') as PartialRenderer;
const port = await freePort();
await makeExecutable((require('@ffprobe-installer/ffprobe') as {path: string}).path);

try {
  const {videoFile} = await renderPartialVideo({
    projectFile: job.file,
    numWorkers: 1,
    workerId: 0,
    settings: {
      outDir: job.outDir,
      viteBasePort: port,
      // It pastes settings and variables into a template literal: nothing of a URI component means anything there.
      projectSettings: {
        chunk: job.chunk,
        variables: encodeURIComponent(JSON.stringify(job.variables ?? null)),
        mediaTimeout: job.mediaTimeout,
      },
      ffmpeg: {ffmpegPath: job.ffmpeg},
      puppeteer: {
        executablePath: job.browser.path,
        headless: 'shell',
        pipe: true,
        protocolTimeout: 0,
        handleSIGTERM: false,
        args: browserFlags({proxy: job.proxy, server: `localhost:${port}`}),
        // puppeteer adds this to all arguments, and then many browsers never close.
        ignoreDefaultArgs: ['--single-process'],
        env: {...process.env, ...job.browser.environment},
      },
      viteConfig: {
        cacheDir: job.viteCache,
        logLevel: 'error',
        resolve: {alias: Object.entries(job.aliases).map(([find, replacement]) => ({find, replacement}))},
        server: {fs: {allow: job.readable}, watch: null},
      },
      progressCallback: (_worker: number, progress: number) => void send({progress}),
    },
  });
  await send({video: videoFile});
} catch (error) {
  await send({failed: error instanceof Error ? error.message : String(error)});
}
process.exit();

/** A port for the one server that the browser may ask by itself, known before the browser starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** npm's ffprobe is no program before an install script has run, which npm 12 does not run unasked. */
async function makeExecutable(path: string): Promise<void> {
  const isProgram = access(path, constants.X_OK);
  // Where it cannot be changed, starting it says so.
  await isProgram.catch(() => chmod(path, 0o755)).catch(() => {});
}
