/** Measures by the monotonic clock, in seconds. */
export interface Stopwatch {
  /** Seconds since the last lap, or since the start. */
  lap(): number;
  /** Seconds since the start. */
  total(): number;
}

/** To the millisecond: more says nothing. */
const seconds = (milliseconds: number) => Math.round(milliseconds) / 1000;

/** A stopwatch that runs from now. */
export function stopwatch(): Stopwatch {
  const began = performance.now();
  let last = began;
  return {
    lap() {
      const before = last;
      last = performance.now();
      return seconds(last - before);
    },
    total: () => seconds(performance.now() - began),
  };
}
