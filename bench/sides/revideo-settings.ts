import {chmod} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {basename, join} from 'node:path';
import {findFfmpeg} from '../../src/media/ffmpeg.ts';
import {findBrowser} from '../../src/renderers/revideo/browser.ts';

/** The parts of Revideo's packages that the original flow calls. */
export interface RevideoPackages {
  renderVideo(request: object): Promise<string>;
  renderPartialVideo(request: object): Promise<{audioFile: string; videoFile: string}>;
  concatenateMedia(files: string[], output: string): Promise<void>;
  mergeAudioWithVideo(audio: string, video: string, output: string): Promise<void>;
}

const ours = createRequire(import.meta.url);

/** Revideo's packages as they are published: those of a project that has some, or ours. */
export async function loadRevideo(project?: string): Promise<RevideoPackages> {
  const require = rendererOf(project);
  const ffmpegPackage = createRequire(require.resolve('@revideo/renderer')).resolve('@revideo/ffmpeg');
  // Its own: each version of Revideo has one.
  const {path} = createRequire(ffmpegPackage)('@ffprobe-installer/ffprobe') as {path: string};
  // No program before its install script has run.
  await chmod(path, 0o755);
  return {...require('@revideo/renderer'), ...require(ffmpegPackage)};
}

function rendererOf(project: string | undefined): NodeJS.Require {
  if (!project) return ours;
  const theirs = createRequire(join(project, 'package.json'));
  try {
    theirs.resolve('@revideo/renderer');
    return theirs;
  } catch {
    return ours;
  }
}

/**
 * The settings of both of Revideo's functions. They get the same browser and ffmpeg as ours, the browser's
 * flags that cost least, and a warm cache of Vite. `--single-process`, which Revideo adds, is removed: with
 * it this browser hangs in many runs, and takes longer in the others. Call it in the project's folder.
 *
 * @param work folder for files
 * @param port first port that may be used
 */
export async function revideoSettings({cache, work, port}: {cache: string; work: string; port: number}) {
  const browser = await findBrowser(cache);
  return {
    outDir: `${work}/output`,
    viteBasePort: port,
    ffmpeg: {ffmpegPath: await findFfmpeg()},
    viteConfig: {cacheDir: join(cache, 'bench-vite', basename(process.cwd())), logLevel: 'error'},
    puppeteer: {
      executablePath: browser.path,
      env: {...process.env, ...browser.environment},
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
      ignoreDefaultArgs: ['--single-process'],
      protocolTimeout: 0,
    },
  };
}
