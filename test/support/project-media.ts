import {copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ffmpeg} from './media.ts';
import {writeRive} from './rive-file.ts';

/** Where the test projects are. */
export const PROJECTS = fileURLToPath(new URL('../projects/', import.meta.url));

/** Writes one file. */
export type Make = (path: string) => Promise<unknown>;

/** Makes the files of a project's `public/` that are not there yet; they are not committed. */
export const makePublicFiles = (project: string, files: Record<string, Make>): Promise<void> =>
  makeFiles(join(PROJECTS, project, 'public'), files);

/**
 * Makes the files of a folder that are not there yet, by their paths below it.
 * Each is put in its place whole: another test file may be waiting for it.
 */
export async function makeFiles(folder: string, files: Record<string, Make>): Promise<void> {
  await mkdir(folder, {recursive: true});
  const making = await mkdtemp(join(PROJECTS, '.making-'));
  try {
    for (const [path, make] of Object.entries(files)) {
      const file = join(folder, path);
      if (await stat(file).catch(() => undefined)) continue;
      await mkdir(dirname(file), {recursive: true});
      const made = join(making, basename(path));
      await make(made);
      await rename(made, file);
    }
  } finally {
    await rm(making, {recursive: true, force: true});
  }
}

/** ffmpeg's arguments for one of its own sources. */
export const source = (name: string) => ['-f', 'lavfi', '-i', name];

/** One picture out of ffmpeg's test pattern, another one for every second. */
export const picture =
  (second: number): Make =>
  (path) =>
    ffmpeg(
      ...source(`testsrc=size=160x90:rate=1:duration=${second + 1}`),
      '-ss',
      `${second}`,
      '-frames:v',
      '1',
      path,
    );

/** A font of MathJax's, which comes with Revideo. */
export const font =
  (name: string): Make =>
  (path) => {
    const mathjax = dirname(createRequire(import.meta.url).resolve('mathjax-full/package.json'));
    return copyFile(join(mathjax, `es5/output/chtml/fonts/woff-v2/MathJax_${name}.woff`), path);
  };

/** Three seconds of a test pattern, 160x90 at 30 frames a second. */
export const clip =
  (...codec: string[]): Make =>
  (path) =>
    ffmpeg(...source('testsrc=size=160x90:rate=30:duration=3'), ...codec, '-pix_fmt', 'yuv420p', path);

const PUBLIC: Record<string, Record<string, Make>> = {
  text: {
    'sheet.woff': font('Typewriter-Regular'),
    'module.woff': font('SansSerif-Regular'),
    'late.woff': font('Fraktur-Regular'),
  },
  drawing: {'picture.png': picture(1), 'second.png': picture(4), 'third.png': picture(7)},
  formulas: {},
  effects: {'picture.png': picture(1), 'second.png': picture(4)},
  shader: {'picture.png': picture(1)},
  scenes: {'picture.png': picture(1)},
  chance: {'numbers.json': (path) => writeFile(path, JSON.stringify({word: 'fetched'}))},
  footage: {
    'clip.mp4': clip('-c:v', 'libx264', '-bf', '3', '-g', '48'),
    'clip.webm': clip('-c:v', 'libvpx-vp9', '-b:v', '300k', '-deadline', 'realtime', '-cpu-used', '8'),
    'tone.mp3': (path) => ffmpeg(...source('sine=frequency=440:duration=2'), path),
  },
  rive: {'square.riv': writeRive},
};

/** Makes what `test/projects/same/imported` has beside its sources. Returns its folder. */
export async function makeImportedProject(): Promise<string> {
  const folder = join(PROJECTS, 'same/imported');
  await makeFiles(join(folder, 'src/assets'), IMPORTED);
  return folder;
}

const IMPORTED: Record<string, Make> = {
  'a clip.mp4': (path) =>
    ffmpeg(
      ...source('testsrc=size=160x90:rate=30:duration=1'),
      ...source('sine=frequency=330:duration=1'),
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path],
    ),
  'beat.mp3': (path) => ffmpeg(...source('sine=frequency=440:duration=1'), path),
  'chime.wav': (path) => ffmpeg(...source('sine=frequency=550:duration=1'), path),
  'picture.png': picture(1),
  'other.png': picture(4),
  'font.woff': font('Typewriter-Regular'),
};

/** Makes the media of one of the projects that `projects.test.ts` renders. */
export const makeMediaOf = (project: string): Promise<void> =>
  makePublicFiles(project, PUBLIC[project] ?? {});
