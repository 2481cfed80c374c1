import {mkdir, mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {differingFrames, inspect} from './compare.ts';
import {type Measured, measure} from './measure.ts';
import {medianRun} from './median.ts';

/** The renderer of a film. */
export type Side = 'original' | 'renderVideo' | 'ours';

/** One line of the table: medians over the runs. */
export interface FilmRow {
  scene: string;
  side: Side;
  workers: number;
  runs: number;
  wall: number;
  cpu: number;
  cpuUnwaited: number;
  memoryMb: number;
  frames: number;
  /** Frames that are not what the same side draws with one worker. */
  differing: number;
  soundErrorMs: number;
}

/** The settings of every measurement. */
export interface Bench {
  /** For files; the caller removes it. */
  work: string;
  cache: string;
  projects: string;
  runs: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

interface Film {
  film: string;
  hashes?: string[];
}

const PROGRAMS: Record<Side, string> = {original: 'original', renderVideo: 'render-video', ours: 'ours'};

/** The path of a program that is measured. */
export const sideProgram = (name: string): string => new URL(`./sides/${name}.ts`, import.meta.url).pathname;

/** Renders a scene in every way, in turns, so that a slow minute of the machine hits all of them. */
export async function measureFilms(
  scene: string,
  workers: readonly number[],
  bench: Bench,
): Promise<FilmRow[]> {
  const project = join(bench.projects, scene);
  const {output: expected} = await measure<{frames: number; fps: number}>(
    sideProgram('build'),
    [bench.cache, project, bench.work],
    bench,
  );
  const ways: {side: Side; workers: number}[] = [
    ...workers.map((count) => ({side: 'original' as const, workers: count})),
    {side: 'renderVideo', workers: 1},
    ...workers.map((count) => ({side: 'ours' as const, workers: count})),
  ];
  bench.say(`${scene}: ${expected.frames} frames; warming Vite's cache`);
  await renderFilm({side: 'original', workers: 1}, scene, bench);
  const measured = ways.map((way) => ({...way, runs: [] as Measured<Film>[]}));
  for (let round = 1; round <= bench.runs; round++) {
    for (const {runs, ...way} of measured) {
      const run = await renderFilm(way, scene, bench);
      runs.push(run);
      const {side, workers: count} = way;
      bench.say(
        `${scene}, ${side}, ${count} workers, run ${round}: ${run.cpu.toFixed(1)} CPU-s, ${run.wall.toFixed(1)} s`,
      );
    }
  }
  // Ours hashes every frame's pixels before they are encoded: in runs of their own, since it takes time.
  const hashes = new Map<number, string[]>();
  for (const count of new Set([1, ...workers])) {
    const run = await renderFilm({side: 'ours', workers: count}, scene, bench, 'hashed');
    hashes.set(count, run.output.hashes ?? []);
  }
  const rows: FilmRow[] = [];
  for (const {side, workers: count, runs} of measured) {
    const film = runs[0]?.output.film ?? '';
    const facts = await inspect(film, expected);
    const alone = measured.find((way) => way.side === side && way.workers === 1)?.runs[0]?.output.film;
    const differing =
      side === 'ours'
        ? unlike(hashes.get(count) ?? [], hashes.get(1) ?? [])
        : alone && alone !== film
          ? await differingFrames(film, {
              film: alone,
              frames: facts.frames,
              otherFrames: (await inspect(alone, expected)).frames,
              directory: bench.work,
              signal: bench.signal,
            })
          : 0;
    rows.push({scene, side, workers: count, runs: runs.length, ...medianRun(runs), ...facts, differing});
  }
  return rows;
}

const unlike = (cut: readonly string[], whole: readonly string[]): number =>
  Array.from({length: Math.max(cut.length, whole.length)}).filter((_, frame) => cut[frame] !== whole[frame])
    .length;

async function renderFilm(
  {side, workers}: {side: Side; workers: number},
  scene: string,
  {work, cache, projects, signal}: Bench,
  ...more: string[]
): Promise<Measured<Film>> {
  await mkdir(work, {recursive: true});
  const directory = await mkdtemp(join(work, `${scene}-${side}-${workers}-`));
  const args = [cache, join(projects, scene), directory, String(workers), ...more];
  return measure<Film>(sideProgram(PROGRAMS[side]), args, {signal});
}
