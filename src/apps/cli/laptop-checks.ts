import {constants, existsSync} from 'node:fs';
import {access, mkdtemp, statfs} from 'node:fs/promises';
import {availableParallelism, totalmem} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {withWorkDirectory} from '../../base/work-directory.ts';
import {findBrowser} from '../../renderers/revideo/browser.ts';
import {NO_WAYS, startBrowser} from '../../renderers/revideo/start-browser.ts';
import {type Check, tryOut} from '../check/check.ts';
import {machineChecks} from '../check/machine-checks.ts';
import {readConfig} from '../config.ts';

/** Advice for a user's own machine about the function's settings. */
const MENDS: Readonly<Record<string, string>> = {
  memory: 'Render fewer chunks at a time: --concurrency 1.',
  'temporary disk': 'Make room there, or set TMPDIR to a folder on another disk.',
  ffmpeg: 'Run npm ci, install ffmpeg, or set FFMPEG_PATH.',
};

/** Megabytes that a storage folder should have room for. */
const FREE = 1_000;

/** Whether this machine has what rendering needs; each finding as it is made. */
export async function* laptopChecks({
  storage,
  signal,
}: {
  storage: string;
  signal: AbortSignal;
}): AsyncGenerator<Check> {
  yield node();
  const memoryMb = Math.floor(totalmem() / 1e6);
  for (const check of await machineChecks({memoryMb, seconds: Infinity})) {
    const mend = check.mend && (MENDS[check.name] ?? check.mend);
    if (check.name !== 'time limit') yield {...check, ...(mend && {mend})};
  }
  signal.throwIfAborted();
  yield* await browserChecks();
  yield await disk(storage);
}

function node(): Check {
  const detail = `${process.version}, ${availableParallelism()} cores, ${process.platform} ${process.arch}`;
  const isKnown = ['linux x64', 'darwin arm64', 'darwin x64'].includes(`${process.platform} ${process.arch}`);
  if (isKnown) return {name: 'Node', state: 'ok', detail};
  const mend = 'Linux x64 and macOS are what this is tried on; see whether the browser below starts.';
  return {name: 'Node', state: 'warning', detail, mend};
}

/** Whether the browser starts, and which signs its fonts have. */
const browserChecks = (): Promise<Check[]> =>
  withWorkDirectory(async (directory) => {
    let signs: Record<string, boolean> | undefined;
    const browser = await tryOut({
      name: 'browser',
      mend: 'Run npm ci, install Chrome or Chromium, or set PUPPETEER_EXECUTABLE_PATH. Where it says which library is missing, install that.',
      work: async () => {
        const program = await findBrowser(readConfig().cache);
        const profile = await mkdtemp(join(directory, 'profile-'));
        const started = await startBrowser(program, {profile, ways: NO_WAYS});
        try {
          const page = await started.newPage();
          signs = await page.evaluate(signsDrawn, SIGNS);
          return `${await started.version()}, ${program.path}`;
        } finally {
          await started.close();
        }
      },
    });
    return signs ? [browser, fonts(signs)] : [browser];
  });

/** A sign of each script that films are often in. */
const SIGNS = {
  Latin: 'Ä',
  Greek: 'Ω',
  Cyrillic: 'Ж',
  Arabic: 'ع',
  Chinese: '漢',
  Japanese: 'あ',
  Korean: '한',
  emoji: '😀',
};

/** In the page: whether each sign looks other than one that no font has. */
function signsDrawn(signs: Record<string, string>): Record<string, boolean> {
  const canvas = new OffscreenCanvas(40, 40);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  if (!context) return {};
  const look = (sign: string) => {
    context.clearRect(0, 0, 40, 40);
    context.font = '24px sans-serif';
    context.fillText(sign, 4, 30);
    return context.getImageData(0, 0, 40, 40).data.join();
  };
  // From the private use area: the picture of a missing character.
  const missing = look('\u{F8FE}');
  return Object.fromEntries(Object.entries(signs).map(([name, sign]) => [name, look(sign) !== missing]));
}

function fonts(signs: Record<string, boolean>): Check {
  const names = (drawn: boolean) =>
    Object.entries(signs)
      .flatMap(([name, is]) => (is === drawn ? [name] : []))
      .join(', ');
  const missing = names(false);
  const detail = `the browser draws ${names(true)}`;
  if (!missing) return {name: 'fonts', state: 'ok', detail};
  const mend = `Texts in ${missing} would be drawn as boxes here: put a font into the project's public/, or install one (Noto has all).`;
  return {
    name: 'fonts',
    state: signs.Latin ? 'warning' : 'failed',
    detail: `${detail}, not ${missing}`,
    mend,
  };
}

const disk = (storage: string): Promise<Check> =>
  tryOut({
    name: 'storage folder',
    mend: 'Name a folder that you may write to: --storage <folder>.',
    work: async () => {
      const folder = resolve(storage);
      // Made when it is needed: until then, what counts is where it will be.
      let there = folder;
      while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
      await access(there, constants.W_OK);
      const {bavail, bsize} = await statfs(there);
      const left = Math.floor((bavail * bsize) / 1e6);
      const detail = `${left} MB free for ${folder}`;
      if (left >= FREE) return detail;
      return {state: 'warning', detail, mend: 'Make room: a film and its chunks have to fit there.'};
    },
  });
