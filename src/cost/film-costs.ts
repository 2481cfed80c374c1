import type {Quality} from '../model/quality.ts';

/** Where a chunk is, in frames. */
export interface ChunkShape {
  start: number;
  frames: number;
  /** Frames of the whole film. */
  filmFrames: number;
}

/**
 * CPU seconds of a chunk, in a process that draws its second or a later one:
 *
 *     warm + perFrame * frames + late * start + counting * filmFrames
 *
 * The CPU seconds of a chunk. `warm` loads the page, and `counting` plays the film undrawn to count it.
 * `late` plays everything before the chunk again, and `perFrame` draws and encodes its frames. A process that
 * draws its first chunk takes `cold` more: Node and the browser are started.
 */
export interface ChunkCosts {
  cold: number;
  warm: number;
  perFrame: number;
  late: number;
  counting: number;
  /** CPU seconds a second of the wall clock while frames are drawn: more cores than that are of no use. */
  cores: number;
}

/** The CPU seconds of one of the first invocation's own tasks: `fixed + perFrame * frames of the film`. */
export interface TaskCosts {
  fixed: number;
  perFrame: number;
  /** CPU seconds a second of the wall clock; below 1 where it waits for a disk. */
  cores: number;
}

/** Everything a film costs. */
export interface FilmCosts {
  chunk: ChunkCosts;
  /** Counting the film and listing its sounds. */
  plan: TaskCosts;
  sound: TaskCosts;
  /** Joining, muxing and checking. */
  merge: TaskCosts;
  bytesPerFrame: number;
  /** Seconds in which Lambda starts an environment, by the wall clock; 0 by default. They are billed. */
  start?: number;
  /** The most memory of a worker's tree, in MB. */
  memoryMb: number;
}

/** The factors of the coefficients of `ChunkCosts`, in the order warm, perFrame, late, counting. */
export const chunkTerms = ({start, frames, filmFrames}: ChunkShape): number[] => [
  1,
  frames,
  start,
  filmFrames,
];

/** CPU seconds of a chunk: what passes while it is started and drawn, and while the film is played undrawn. */
export function chunkCpu(
  costs: ChunkCosts,
  {start, frames, filmFrames}: ChunkShape,
  cold: boolean,
): {drawing: number; playing: number} {
  const {warm, perFrame, late, counting} = costs;
  return {
    drawing: (cold ? costs.cold : 0) + warm + perFrame * frames,
    playing: late * start + counting * filmFrames,
  };
}

/** CPU seconds of a task. */
export const taskCpu = ({fixed, perFrame}: TaskCosts, frames: number): number => fixed + perFrame * frames;

/**
 * How much longer a frame takes in a quality than in `cheapest`: the mean of both films in `bench/README.md`, "What each
 * quality costs and gives". Where a clip fills the picture `best` takes nine times as long, and four times elsewhere.
 */
const DRAWING: Readonly<Record<Quality, number>> = {cheapest: 1, balanced: 2.5, best: 6.5};

/** The costs of a film in another quality than `cheapest`. */
export const inQuality = (costs: FilmCosts, quality: Quality): FilmCosts => ({
  ...costs,
  chunk: {...costs.chunk, perFrame: costs.chunk.perFrame * DRAWING[quality]},
});

const mean = (a: number, b: number): number => (a + b) / 2;

/**
 * The costs of an unknown film: halfway between the two films of the benchmark, one without media and one
 * that a clip fills. Both have 1080p in the quality `cheapest` (`bench/results.json` of 2026-11-21, `scale`).
 * One second for Lambda to start an environment is assumed, and measured nowhere.
 */
export const DEFAULT_COSTS: FilmCosts = {
  chunk: {
    cold: mean(0.6251, 0.7156),
    warm: mean(0.2281, 0.7275),
    perFrame: mean(0.01186, 0.03516),
    late: mean(5.69e-6, 0.29e-6),
    counting: mean(5.27e-6, 1.89e-6),
    cores: mean(1.578, 1.781),
  },
  plan: {fixed: mean(0.1544, 0.2385), perFrame: mean(17.2e-6, 7.7e-6), cores: mean(1.543, 1.696)},
  sound: {fixed: mean(0, 0.203), perFrame: mean(31.2e-6, 35.8e-6), cores: mean(1.303, 1.248)},
  merge: {fixed: mean(0.0674, 1.3532), perFrame: mean(20.9e-6, 336e-6), cores: mean(1.223, 1.227)},
  bytesPerFrame: mean(802, 36_660),
  // Memory of the larger film: with less, only the other one could be drawn.
  memoryMb: 697,
  start: 1,
};
