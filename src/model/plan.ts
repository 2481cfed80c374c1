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
