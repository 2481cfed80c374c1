/** Frames `[start, end)`. */
export interface Range {
  start: number;
  end: number;
}

/** Frames of a stored run of segments that are used. */
export interface Use<Stored> {
  of: Stored;
  start: number;
  end: number;
}

/** Stored runs that make up a range, and the smallest range around the segments that are in no stored run. */
export interface Cover<Stored> {
  uses: Use<Stored>[];
  missing: Range | undefined;
  /** Frames that are there. */
  frames: number;
}

/**
 * Covers a range with stored runs of whole segments, with few of them: each time the one that reaches furthest.
 *
 * @param segments frames of each segment of the range, in order
 */
export function cover<Stored extends Range>(
  {start, segments}: {start: number; segments: readonly number[]},
  stored: Iterable<Stored>,
): Cover<Stored> {
  const borders = [start];
  for (const frames of segments) borders.push((borders.at(-1) as number) + frames);
  const end = borders.at(-1) as number;
  const isBorder = new Set(borders);
  const near = [...stored].filter((one) => one.start < end && one.end > start);
  const uses: Use<Stored>[] = [];
  let missing: Range | undefined;
  let frames = 0;
  let index = 0;
  while (index < segments.length) {
    const at = borders[index] as number;
    const reach = (one: Stored) => Math.min(one.end, end);
    // A run that was cut by another grid would begin or end within a segment.
    const fits = near.filter((one) => one.start <= at && at < one.end && isBorder.has(reach(one)));
    const [best] = fits.toSorted((a, b) => reach(b) - reach(a));
    if (!best) {
      missing = {start: missing?.start ?? at, end: borders[index + 1] as number};
      index++;
      continue;
    }
    uses.push({of: best, start: at, end: reach(best)});
    frames += reach(best) - at;
    index = borders.indexOf(reach(best));
  }
  return {uses, missing, frames};
}
