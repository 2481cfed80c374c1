import type {Measured} from './measure.ts';

/** The middle one; of an even number the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Each quantity's own median. */
export function medianRun(runs: readonly Measured<unknown>[]): Omit<Measured<unknown>, 'output' | 'laps'> {
  const of = (name: 'wall' | 'cpu' | 'cpuUnwaited' | 'memoryMb') => median(runs.map((run) => run[name]));
  return {wall: of('wall'), cpu: of('cpu'), cpuUnwaited: of('cpuUnwaited'), memoryMb: of('memoryMb')};
}
