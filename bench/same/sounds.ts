import {execa} from 'execa';
import {findFfmpeg} from '../../src/media/ffmpeg.ts';

/** How far two films' sounds are apart. */
export interface SoundDifference {
  /** Loudness of each, root mean square over all of it; 0 for silence or no track. Full scale is 1. */
  loudness: [one: number, other: number];
  /** Seconds of each. */
  seconds: [one: number, other: number];
  /** Milliseconds by which the other is later. */
  lateMs: number;
  /** With the lag taken away: the difference in the worst window, as a part of the louder film's loudness. 0 is the same. */
  worst: number;
  /** Seconds at which that window begins. */
  worstAt: number;
  /** The same of the windows' loudness, whatever their samples: how far noise may be apart that is not the same noise. */
  level: number;
}

const RATE = 48_000;
/** Samples by which one film may be later. */
const LAGS = 3_840;
/** Samples of which the lag is found. */
const PROBE = RATE / 2;
/** Samples of a window: 50 ms. */
const WINDOW = RATE / 20;
/** Below this a film counts as silent. Full scale is 1. */
const SILENT = 1e-4;

/**
 * Compares what two films sound like, sample by sample, with both channels taken as they are.
 *
 * @param limit seconds from the start that are compared; all unless given
 */
export async function compareSounds(one: string, other: string, limit?: number): Promise<SoundDifference> {
  const [a, b] = await Promise.all([samplesOf(one, limit), samplesOf(other, limit)]);
  const loudness: [number, number] = [rootMeanSquare(a), rootMeanSquare(b)];
  const seconds: [number, number] = [a.length / 2 / RATE, b.length / 2 / RATE];
  const loud = Math.max(...loudness);
  if (loud < SILENT) return {loudness, seconds, lateMs: 0, worst: 0, worstAt: 0, level: 0};
  const late = lag(a, b);
  let [worst, worstAt, level] = [0, 0, 0];
  const length = Math.min(a.length, b.length);
  for (let start = 0; start + WINDOW * 2 <= length; start += WINDOW * 2) {
    let [squares, one, other] = [0, 0, 0];
    for (let index = start; index < start + WINDOW * 2; index++) {
      const [first = 0, second = 0] = [a[index], b[index + late * 2]];
      squares += (first - second) ** 2;
      one += first ** 2;
      other += second ** 2;
    }
    level = Math.max(level, Math.abs(Math.sqrt(one) - Math.sqrt(other)) / Math.sqrt(WINDOW * 2) / loud);
    const part = Math.sqrt(squares / WINDOW / 2) / loud;
    if (part > worst) [worst, worstAt] = [part, start / 2 / RATE];
  }
  return {loudness, seconds, lateMs: (late / RATE) * 1000, worst, worstAt, level};
}

/** Two channels, in turns; none where a film has no sound. */
async function samplesOf(film: string, limit?: number): Promise<Float32Array> {
  const raw = [
    ...(limit ? ['-t', String(limit)] : []),
    '-map',
    '0:a:0?',
    '-ac',
    '2',
    '-ar',
    String(RATE),
    '-f',
    'f32le',
    '-',
  ];
  const {stdout, failed} = await execa(await findFfmpeg(), ['-nostdin', '-v', 'error', '-i', film, ...raw], {
    encoding: 'buffer',
    maxBuffer: 1e9,
    reject: false,
  });
  // Without a track ffmpeg has nothing to write and says so.
  if (failed) return new Float32Array(0);
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
}

/** Samples by which `b` is later than `a`, where both are most alike around what is loudest. */
function lag(a: Float32Array, b: Float32Array): number {
  const mono = (samples: Float32Array) =>
    Float32Array.from(
      {length: samples.length / 2},
      (_, index) => (samples[index * 2] ?? 0) + (samples[index * 2 + 1] ?? 0),
    );
  const [one, other] = [mono(a), mono(b)];
  const middle = loudest(one);
  const start = Math.max(0, middle - PROBE / 2);
  const likeness = (late: number) => {
    let sum = 0;
    for (let index = start; index < start + PROBE; index++)
      sum += (one[index] ?? 0) * (other[index + late] ?? 0);
    return sum;
  };
  let [best, most] = [0, likeness(0)];
  for (let late = 1; late <= LAGS; late++) {
    for (const candidate of [late, -late]) {
      const found = likeness(candidate);
      // A pure tone is as like itself a period later: the smaller lag is meant.
      if (found > most * 1.0001 + 1e-9) [best, most] = [candidate, found];
    }
  }
  return best;
}

const loudest = (samples: Float32Array): number =>
  samples.reduce(
    (found, sample, index) => (Math.abs(sample) > Math.abs(samples[found] ?? 0) ? index : found),
    0,
  );

const rootMeanSquare = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
