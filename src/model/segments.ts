/**
 * The longest film with segments of one second, in seconds. Players seek to the start of a segment, and a worker has whole
 * ones; so short films have short segments. A longer film has enough of them for many workers, and saves the bytes.
 */
const SHORT_FILM = 120;
/** The longest film with segments of half a second: few workers would be of use to it otherwise. */
const VERY_SHORT_FILM = 15;

/** Seconds of each segment of a film that lasts `seconds`. */
const segmentSeconds = (seconds: number): number => {
  if (seconds <= VERY_SHORT_FILM) return 0.5;
  return seconds <= SHORT_FILM ? 1 : 2;
};

/**
 * Cuts a film into segments by time, from its own length alone: 0.5 s up to 15 s, 1 s up to two minutes, 2 s beyond, in whole
 * frames. A rest of less than half a segment belongs to the segment before it.
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
