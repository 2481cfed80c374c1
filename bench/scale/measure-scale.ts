import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {type ChunkCosts, chunkTerms, type FilmCosts, type TaskCosts} from '../../src/cost/film-costs.ts';
import {compiled} from '../compiled.ts';
import {type Bench, sideProgram} from '../films.ts';
import {measure} from '../measure.ts';
import type {OwnSeconds, SameChunkFilm} from '../sides/first-invocation.ts';
import type {DrawnChunk} from '../sides/laps.ts';
import {fitCosts, predict} from './least-squares.ts';

/** The fit of a scene, and its quality. */
export interface FittedScene {
  scene: string;
  costs: FilmCosts;
  chunks: {
    count: number;
    /** Shares of the measured CPU seconds. */
    largestError: number;
    medianError: number;
  };
  /** CPU seconds of 60 frames in the middle of two hours, which the fit did not use. */
  check: {fitted: number; measured: number};
}

/** A scene of `bench/projects` without media, and one with. */
const SCENES = ['long', 'clip'];
/** Minutes. All scenes have 30 frames a second; one frame more or less at the end is nothing here. */
const LENGTHS = {short: 0.5, middle: 2, long: 10, longest: 120};
const framesOf = (minutes: number) => minutes * 60 * 30;

/**
 * Chunks: the film's length in minutes, and frames `[start, end)` of it. Lengths and starts vary apart. Every
 * start lies halfway between two keyframes of the clip, which are 60 frames apart, since a clip is decoded
 * from the keyframe before. So the fit gives the mean. An odd number of them, so that in another round others
 * are the first ones of a tab.
 */
const CHUNKS: readonly (readonly [minutes: number, start: number, end: number])[] = [
  [LENGTHS.short, 30, 31],
  [LENGTHS.long, 30, 31],
  [LENGTHS.short, 330, 390],
  [LENGTHS.long, 17_850, 17_970],
  [LENGTHS.short, 750, 870],
  [LENGTHS.long, 30, 90],
  [LENGTHS.long, 8_970, 8_971],
  [LENGTHS.long, 9_030, 9_060],
  [LENGTHS.short, 30, 150],
  [LENGTHS.long, 17_970, 17_971],
  [LENGTHS.short, 870, 900],
  [LENGTHS.longest, 30, 31],
  [LENGTHS.long, 3_990, 4_110],
  [LENGTHS.longest, 215_970, 215_971],
  [LENGTHS.middle, 1_830, 1_950],
];
/** Not fitted to, but compared with what the fit says. */
const CHECK = [LENGTHS.longest, 108_030, 108_090] as const;

/** Fits what chunks cost by where they are, and what the first invocation does itself, for each scene. */
export async function measureScale(bench: Bench): Promise<{scenes: FittedScene[]}> {
  const scenes: FittedScene[] = [];
  for (const scene of SCENES) {
    scenes.push(await measureScene(scene, bench));
    bench.say(`${scene}: fitted`);
  }
  return {scenes};
}

async function measureScene(scene: string, bench: Bench): Promise<FittedScene> {
  const {cache, work, runs} = bench;
  const bundle = await compiled(scene, bench);
  const directory = await mkdtemp(join(work, 'scale-'));
  const asked = [CHUNKS.slice(0, 1), ...Array.from({length: runs}, () => CHUNKS), [CHECK]].flat();
  const requests = asked.map(([minutes, start, end]) => ({start, end, variables: {minutes}}));
  const args = [cache, bundle, directory, JSON.stringify(requests)];
  const {output, laps, memoryMb} = await measure<DrawnChunk[]>(sideProgram('laps'), args, bench);

  const samples = asked.map(([minutes, start, end], index) => ({
    terms: chunkTerms({start, frames: end - start, filmFrames: framesOf(minutes)}),
    result: laps[index] ?? 0,
  }));
  const [first, warmOnes, last] = [samples[0], samples.slice(1, -1), samples.at(-1)];
  const {coefficients, ...errors} = fitCosts(warmOnes);
  const [warm = 0, perFrame = 0, late = 0, counting = 0] = coefficients;
  // Chunks that draw longer than they start.
  const drawing = asked.flatMap(([, start, end], index) => (index > 0 && end - start >= 60 ? [index] : []));
  const cores = total(drawing, (at) => laps[at]) / total(drawing, (at) => output[at]?.seconds);
  const cold = (first?.result ?? 0) - predict(coefficients, first?.terms ?? []);
  const chunk: ChunkCosts = {cold, warm, perFrame, late, counting, cores};

  const longest = asked.findIndex(([, start, end]) => end - start === 120);
  const {path = '', bytes = 0} = output[longest] ?? {};
  const own = await measureOwn({path, frames: 120}, {bundle, directory, bench});
  const costs = {chunk, ...own, bytesPerFrame: bytes / 120, memoryMb};
  const check = {fitted: predict(coefficients, last?.terms ?? []), measured: last?.result ?? 0};
  return {scene, costs, chunks: {count: warmOnes.length, ...errors}, check};
}

/** Minutes: what is joined has to fit on the disk. */
const OWN_LENGTHS = [LENGTHS.short, LENGTHS.middle, LENGTHS.long];
const TASKS = ['plan', 'sound', 'merge'] as const;

async function measureOwn(
  chunk: {path: string; frames: number},
  {bundle, directory, bench}: {bundle: string; directory: string; bench: Bench},
): Promise<Record<(typeof TASKS)[number], TaskCosts>> {
  const films: SameChunkFilm[] = Array.from({length: bench.runs}, () => OWN_LENGTHS)
    .flat()
    .map((minutes) => ({...chunk, variables: {minutes}}));
  const args = [bench.cache, bundle, directory, JSON.stringify(films)];
  const {output, laps} = await measure<OwnSeconds[]>(sideProgram('first-invocation'), args, bench);
  const task = (name: (typeof TASKS)[number], index: number): TaskCosts => {
    const cpu = output.map((_, film) => Math.max(laps[1 + film * TASKS.length + index] ?? 0, TICK));
    const samples = output.map(({frames}, film) => ({
      terms: [1, frames],
      result: cpu[film] ?? TICK,
    }));
    const [fixed = 0, perFrame = 0] = fitCosts(samples).coefficients;
    const all = [...output.keys()];
    return {fixed, perFrame, cores: total(all, (at) => cpu[at]) / total(all, (at) => output[at]?.[name])};
  };
  return {plan: task('plan', 0), sound: task('sound', 1), merge: task('merge', 2)};
}

/** The smallest time that the clock of /proc distinguishes, in seconds. */
const TICK = 0.01;

const total = (indices: readonly number[], of: (index: number) => number | undefined) =>
  indices.reduce((sum, index) => sum + (of(index) ?? 0), 0);
