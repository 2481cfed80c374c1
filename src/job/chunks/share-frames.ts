import {segmentRanges} from '../../model/segments.ts';
import type {Range} from './cover.ts';

/** How the rest of a late worker's order is shared. */
export interface Shared {
  /** The frames for another worker. */
  helper: Range;
  /** The frame before which the late one is to stop; left out if both draw the same, and the first counts. */
  until?: number;
}

/**
 * Shares what is missing of a chunk between its late worker and another one. The other one gets the second half of the segments
 * that the late one has not begun. If it has begun them all, or reports no frames, the other one gets everything.
 *
 * @param drawn frames of the chunk that the late worker has drawn; undefined if it reports none
 */
export function shareFrames(
  {start, segments}: {start: number; segments: readonly number[]},
  {missing, drawn}: {missing: Range; drawn: number | undefined},
): Shared {
  if (drawn === undefined) return {helper: missing};
  const at = Math.max(missing.start, start + drawn);
  const left = segmentRanges(segments, start).filter((one) => at < one.start && one.start < missing.end);
  const first = left[Math.floor(left.length / 2)];
  if (!first) return {helper: missing};
  return {until: first.start, helper: {start: first.start, end: missing.end}};
}
