import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {cpus, loadavg, totalmem} from 'node:os';
import {execa} from 'execa';
import {findFfmpeg} from '../src/media/ffmpeg.ts';
import {findBrowser} from '../src/renderers/revideo/browser.ts';

/** The machine of the measurements. */
export interface Machine {
  date: string;
  cores: number;
  cpu: string;
  memoryGb: number;
  /** Processes that wanted a core in the minute before: anything above 0.5 spoils the wall clock. */
  loadBefore: number;
  versions: Record<string, string>;
}

const require = createRequire(import.meta.url);

export async function describeMachine(cache: string): Promise<Machine> {
  const browser = await findBrowser(cache);
  const {stdout: chromium} = await execa(browser.path, ['--version'], {env: browser.environment});
  const {stdout: ffmpeg} = await execa(await findFfmpeg(), ['-version']);
  const revideo = require.resolve('@revideo/renderer/package.json');
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0] ?? 0,
    versions: {
      node: process.versions.node,
      chromium: chromium.trim().replace(/^\D+/, ''),
      ffmpeg: /version (\S+)/.exec(ffmpeg)?.[1] ?? 'unknown',
      revideo: (JSON.parse(await readFile(revideo, 'utf8')) as {version: string}).version,
    },
  };
}

/** The machine in one line. */
export function describedMachine({cores, cpu, memoryGb, loadBefore, date, versions}: Machine): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}, ${cores} cores of ${cpu}, ${memoryGb} GB; ${names.join(', ')}. Load before: ${loadBefore.toFixed(1)}.`;
}
