import {appendFile, mkdtemp, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {planChunks} from '../src/model/plan.ts';
import {ENCODINGS, QUALITIES, type Quality} from '../src/model/quality.ts';
import {segmentGrid} from '../src/model/segments.ts';
import type {SegmentOrder} from '../src/renderers/renderer.ts';
import {compiled} from './compiled.ts';
import {type Bench, sideProgram} from './films.ts';
import {besideBorders, decodedHashes, type Likeness, LOSSLESS, likeness, meanPsnr} from './likeness.ts';
import {measure} from './measure.ts';
import {median} from './median.ts';
import type {DrawnChunk} from './sides/laps.ts';

/**
 * The cost and the result of a quality. PSNR in dB, of the brightness unless noted otherwise; null where
 * nothing was lost.
 */
export interface QualityRow {
  scene: string;
  quality: Quality;
  /** CPU seconds a frame: drawing and encoding. */
  cpu: number;
  mbits: number;
  psnr: number | null;
  /** Over all three planes. */
  psnrAll: number | null;
  ssim: number;
  /** The same frames cut into four chunks. */
  cut: {
    mbits: number;
    /** Frames beside a border, and the same frames in one chunk. */
    beside: number | null;
    besideUncut: number | null;
    /** All other frames. */
    rest: number | null;
  };
}

const SCENES = ['clip', 'shapes'];
/** Frames 0 to 59: as a whole, and in this many chunks. */
const FRAMES = 60;
const CHUNKS = 4;
/** Both scenes'. */
const FPS = 30;

const draws = (start: number, end: number): SegmentOrder => ({start, end, variables: {}});
const BORDERS = planChunks(segmentGrid({frames: FRAMES, fps: FPS}), CHUNKS).map(({start, end}) =>
  draws(start, end),
);

/** Draws the same frames in every quality and compares them with the drawn pixels. */
export async function measureQuality(bench: Bench): Promise<QualityRow[]> {
  const rows: QualityRow[] = [];
  for (const scene of SCENES) rows.push(...(await measureScene(scene, bench)));
  return rows;
}

/** The same frames in one quality. */
interface Drawn {
  quality: Quality;
  /** CPU seconds, run by run. */
  times: number[];
  whole: DrawnChunk;
  cut: DrawnChunk[];
}

async function measureScene(scene: string, bench: Bench): Promise<QualityRow[]> {
  const directory = await mkdtemp(join(bench.work, 'quality-'));
  const {lossless, drawn} = await drawScene(scene, {bench, directory});
  const decoded = await decodedHashes(lossless.path);
  if (decoded.join() !== lossless.hashes?.join()) throw new Error(`The lossless frames of ${scene} are not.`);
  const rows: QualityRow[] = [];
  for (const one of drawn) {
    const compare = {lossless: lossless.path, directory, signal: bench.signal};
    rows.push({scene, ...(await compareQuality(one, compare))});
    bench.say(`${scene}, ${one.quality}: ${(median(one.times) / FRAMES).toFixed(3)} CPU-s a frame`);
  }
  return rows;
}

async function drawScene(
  scene: string,
  {bench, directory}: {bench: Bench; directory: string},
): Promise<{lossless: DrawnChunk; drawn: Drawn[]}> {
  const first = [draws(0, 1), {...draws(0, FRAMES), encoding: LOSSLESS, frameHashes: true}];
  // In turns, all in one process: what slows the machine down slows all of them down.
  const round = QUALITIES.map((quality) => ({...draws(0, FRAMES), encoding: ENCODINGS[quality]}));
  const rounds = Array.from({length: bench.runs}, () => round).flat();
  const cuts = QUALITIES.flatMap((quality) =>
    BORDERS.map((chunk) => ({...chunk, encoding: ENCODINGS[quality]})),
  );
  const chunks = JSON.stringify([...first, ...rounds, ...cuts]);
  const args = [bench.cache, await compiled(scene, bench), directory, chunks];
  const {output, laps} = await measure<DrawnChunk[]>(sideProgram('laps'), args, bench);
  const drawn = QUALITIES.map((quality, index) => {
    const begin = first.length + rounds.length + index * CHUNKS;
    const runs = Array.from({length: bench.runs}, (_, run) => first.length + run * round.length + index);
    return {
      quality,
      times: runs.map((run) => at(laps, run)),
      whole: at(output, first.length + index),
      cut: output.slice(begin, begin + CHUNKS),
    };
  });
  return {lossless: at(output, 1), drawn};
}

async function compareQuality(
  {quality, times, whole, cut}: Drawn,
  compare: {lossless: string; directory: string; signal: AbortSignal},
): Promise<Omit<QualityRow, 'scene'>> {
  const joined = join(compare.directory, `${quality}.h264`);
  for (const {path} of cut) await appendFile(joined, await readFile(path));
  const one = await likeness(whole.path, compare);
  const four = await likeness(joined, compare);
  const beside = besideBorders(BORDERS.map(({start, end}) => end - start));
  const near = (_: Likeness, frame: number) => beside.has(frame);
  const far = (_: Likeness, frame: number) => !beside.has(frame);
  return {
    quality,
    cpu: median(times) / FRAMES,
    mbits: megabits([whole]),
    psnr: mean(one, 'y'),
    psnrAll: mean(one, 'all'),
    ssim: one.reduce((sum, frame) => sum + frame.ssim, 0) / one.length,
    cut: {
      mbits: megabits(cut),
      beside: mean(four.filter(near), 'y'),
      besideUncut: mean(one.filter(near), 'y'),
      rest: mean(four.filter(far), 'y'),
    },
  };
}

/** JSON knows no Infinity. */
function mean(frames: readonly Likeness[], plane: 'y' | 'all'): number | null {
  const decibels = meanPsnr(frames.map((frame) => frame[plane]));
  return Number.isFinite(decibels) ? decibels : null;
}

const megabits = (chunks: readonly DrawnChunk[]) =>
  (chunks.reduce((sum, {bytes}) => sum + bytes, 0) * 8 * FPS) / FRAMES / 1e6;

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`There is no result ${index}.`);
  return item;
}
