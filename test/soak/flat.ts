/** How a figure went along, job by job. */
export interface Course {
  /** The median of the first third, and of the last. */
  early: number;
  late: number;
  /** By how much it grows in 100 jobs: the median of the slopes between all pairs (Theil and Sen). */
  per100: number;
}

/** Follows a figure from job to job. Single jobs that stand out, and steps up and down, do not matter. */
export function courseOf(figures: readonly number[]): Course {
  const third = Math.max(1, Math.floor(figures.length / 3));
  const slopes = figures.flatMap((from, at) =>
    figures.slice(at + 1).map((to, further) => (to - from) / (further + 1)),
  );
  return {
    early: median(figures.slice(0, third)),
    late: median(figures.slice(-third)),
    per100: 100 * median(slopes),
  };
}

/** The value in the middle; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
