/** A half-open range of frames `[start, end)` with its place in the film. */
export interface Chunk {
  /** 0 for the first. */
  index: number;
  start: number;
  end: number;
}

/**
 * Cuts `frames` into `workers` chunks that follow each other without gap or overlap and whose lengths
 * differ by at most one. More workers than frames means one chunk a frame: a chunk is never empty.
 *
 * @param frames whole number, at least 1
 * @param workers whole number, at least 1
 */
export function planChunks(frames: number, workers: number): Chunk[] {
  const count = Math.min(frames, workers);
  const border = (index: number) => Math.floor((index * frames) / count);
  return Array.from({length: count}, (_, index) => ({index, start: border(index), end: border(index + 1)}));
}

/** Frames a chunk should have at least, so that starting a worker is worth it: 1.5 s at 30 frames a second. */
const FRAMES_PER_WORKER = 45;
/** More than this is a decision about money and quotas, for a person to make. */
const WORKERS_BY_DEFAULT = 100;

/** The number of workers for a film when the event names none: 1 to 100, from its length in frames. */
export function chooseWorkers(frames: number): number {
  return Math.min(WORKERS_BY_DEFAULT, Math.ceil(frames / FRAMES_PER_WORKER));
}
