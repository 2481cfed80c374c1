import {segmentRanges} from './segments.ts';

/** A run of whole segments, `[start, end)` in frames, with its place in the film. */
export interface Chunk {
  /** 0 for the first. */
  index: number;
  start: number;
  end: number;
  /** Frames of each of its segments, in order. */
  segments: number[];
}

/**
 * Cuts a film into `workers` chunks of whole segments that follow each other without gap or overlap. Each begins with the
 * segment whose start is nearest to that of an equal share of the frames. So none is longer than such a share by a whole segment.
 * More workers than segments means one chunk a segment: a chunk is never empty.
 *
 * @param segments frames of each segment, at least one segment
 * @param workers whole number, at least 1
 */
export function planChunks(segments: readonly number[], workers: number): Chunk[] {
  const starts = segmentRanges(segments).map(({start}) => start);
  const frames = segments.reduce((sum, length) => sum + length, 0);
  const count = Math.min(segments.length, workers);
  const first = [0];
  for (let index = 1, at = 0; index < count; index++) {
    const share = Math.floor((index * frames) / count);
    const distance = (segment: number) => Math.abs((starts[segment] as number) - share);
    while (at + 1 < starts.length && distance(at + 1) < distance(at)) at++;
    // Every chunk needs a segment: those before this one, this one, and those behind it.
    at = Math.min(Math.max(at, (first[index - 1] as number) + 1), starts.length - (count - index));
    first.push(at);
  }
  return first.map((at, index) => {
    const next = first[index + 1] ?? segments.length;
    return {
      index,
      start: starts[at] as number,
      end: starts[next] ?? frames,
      segments: segments.slice(at, next),
    };
  });
}
