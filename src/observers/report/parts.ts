import type {Attempt} from '../../model/trace.ts';

/** The parts of an attempt's time, in the order of the picture. */
export const PARTS = {
  waiting: 'Waiting for capacity',
  cold: 'Cold start',
  way: 'Round trip',
  opening: 'Opening the page',
  drawing: 'Drawing',
  encoding: 'Encoding',
  storing: 'Uploading',
  unknown: 'Unknown',
} as const;
export type Part = keyof typeof PARTS;

/** Milliseconds of an attempt by part; for an attempt without a report all are `unknown`. */
export type Split = Readonly<Record<Part, number>>;

const NOTHING: Split = {
  waiting: 0,
  cold: 0,
  way: 0,
  opening: 0,
  drawing: 0,
  encoding: 0,
  storing: 0,
  unknown: 0,
};

/**
 * Splits the time of an attempt, from its entry into the queue until its end was known. The worker's own
 * clock and ours may differ. The time that its parts leave is the round trip. If they leave less than
 * nothing, the parts are shortened.
 */
export function splitAttempt({queued, began, ended, seconds, used}: Attempt): Split {
  const waiting = Math.max(0, began - queued);
  const running = Math.max(0, ended - began);
  const initMs = used?.initMs ?? 0;
  if (!seconds) {
    const cold = Math.min(initMs, running);
    return {...NOTHING, waiting, cold, unknown: running - cold};
  }
  const reported = {
    cold: initMs,
    opening: seconds.opening * 1000,
    drawing: seconds.drawing * 1000,
    encoding: seconds.encoding * 1000,
    storing: seconds.storing * 1000,
  };
  const sum = Object.values(reported).reduce((a, b) => a + b, 0);
  const scale = sum > running ? running / sum : 1;
  const scaled = Object.fromEntries(Object.entries(reported).map(([part, ms]) => [part, ms * scale]));
  return {...NOTHING, waiting, ...scaled, way: Math.max(0, running - sum)};
}

/** Adds up what attempts took. */
export function sumSplits(splits: readonly Split[]): Split {
  const sum = {...NOTHING} as Record<Part, number>;
  for (const split of splits) for (const part of Object.keys(PARTS) as Part[]) sum[part] += split[part];
  return sum;
}

/** Frames a second while the chunk was drawn and encoded; undefined where that is not known. */
export function framesPerSecond({start, end, seconds}: Attempt): number | undefined {
  const busy = seconds ? seconds.drawing + seconds.encoding : 0;
  return busy > 0 ? (end - start) / busy : undefined;
}
