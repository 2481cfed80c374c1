/**
 * Seconds of a segment, for films up to a length in seconds. It is part of a chunk's content hash, so no chunk is reused that was
 * cut by another grid.
 *
 * A player seeks to the start of a segment, and a worker has whole ones: short segments let more workers share a short film. Each
 * costs a keyframe. `bench/README.md` has the bytes and the CPU time.
 */
export const GRID = [{upTo: 15, seconds: 0.5}, {upTo: 120, seconds: 1}, {seconds: 2}] as const;

/** Seconds of each segment of a film of `length` seconds. */
const segmentSeconds = (length: number): number =>
  (GRID.find((one) => !('upTo' in one) || length <= one.upTo) ?? GRID[2]).seconds;

/**
 * Cuts a film into segments by time, in whole frames, from its own length alone. `GRID` has the seconds of a segment. A rest of less than half a segment belongs to the segment before it.
 *
 * @param frames whole number, at least 1
 * @param fps frames a second, above 0
 * @returns the frames of each segment, in order; at least one segment, each of at least one frame
 */
export function segmentGrid({frames, fps}: {frames: number; fps: number}): number[] {
  const length = Math.max(1, Math.round(segmentSeconds(frames / fps) * fps));
  const count = Math.max(1, Math.round(frames / length));
  return Array.from({length: count}, (_, index) =>
    index < count - 1 ? length : frames - length * (count - 1),
  );
}

/** Each segment as its frames `[start, end)`, the first one from `start` on. */
export function segmentRanges(segments: readonly number[], start = 0): {start: number; end: number}[] {
  let at = start;
  return segments.map((frames) => {
    const range = {start: at, end: at + frames};
    at = range.end;
    return range;
  });
}
