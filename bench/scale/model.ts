/** Where a chunk is, in frames. */
export interface ChunkShape {
  start: number;
  frames: number;
  /** Of the whole film. */
  filmFrames: number;
}

/**
 * CPU seconds of a chunk, in a process that draws its second or a later one:
 *
 *     warm + perFrame * frames + late * start + counting * filmFrames
 *
 * The page is loaded (`warm`); the film is played through, undrawn, to be counted (`counting`); everything before the
 * chunk is played again (`late`); its frames are drawn and encoded (`perFrame`). A process that draws its first chunk
 * takes `cold` more: Node and the browser are started.
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

/** What one of the first invocation's own tasks takes: `fixed + perFrame * frames of the film`, in CPU seconds. */
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
  /** The most memory of a worker's tree, in MB. */
  memoryMb: number;
}

/** What the coefficients of `ChunkCosts` are multiplied with, in the order warm, perFrame, late, counting. */
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
