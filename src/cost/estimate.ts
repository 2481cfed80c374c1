import {planChunks} from '../model/plan.ts';
import {segmentGrid} from '../model/segments.ts';
import {chunkCpu, type FilmCosts, taskCpu} from './film-costs.ts';
import {ASSUMED_S3_MB_PER_SECOND, LAMBDA, UPLOAD_MB} from './lambda-limits.ts';
import {type Prices, pricesOf} from './prices.ts';

/** A film, and the function that it is rendered with. */
export interface Film {
  frames: number;
  /** Frames a second. */
  fps: number;
  /** Frames of each segment, in order; the grid of such a film if left out. */
  segments?: readonly number[];
  /** The function's memory, in MB of 1,024 kB, as Lambda counts. */
  memoryMb: number;
}

/** How a film is rendered. */
export interface Plan extends Film {
  workers: number;
  /** The prices of us-east-1 by default. */
  prices?: Prices;
  /** x86_64 by default. It does not change the estimated time. */
  architecture?: keyof Prices['gbSecond'];
}

/** The time and cost of a film, or the reason why it cannot be rendered this way. */
export type Estimate =
  | {
      possible: true;
      /** Seconds until the film is there, which is what the first invocation is billed for. */
      wall: number;
      dollars: number;
      gbSeconds: number;
      /** Seconds of the longest invocation of a worker. */
      longestChunk: number;
    }
  | {possible: false; reason: string};

const MB = 2 ** 20;
/** Bytes of /tmp a second: the film's sound (16 bits) and one source's (32 bits), both stereo at 48 kHz. */
const SOUND_BYTES = 48_000 * 2 * (2 + 4);
/** Chunks, their sum, and the film. */
const COPIES = 3;

/**
 * The requests of this program to the storage: claims, outcomes and traces; a chunk as one object. Every
 * 2 s come a heartbeat and a look for a stop record.
 */
export const REQUESTS = {
  job: {writes: 10, reads: 15},
  chunk: {writes: 1, reads: 1},
  second: {writes: 0.5, reads: 0.5},
  workerSecond: {writes: 0, reads: 1},
} as const;
/** Messages about a job's progress cost at most this share of its billed time. */
export const MESSAGES_SHARE = 0.02;

/**
 * The time and cost of a film on Lambda, if every core there is as fast as those of the measurement. A task
 * has `min(memory / 1769 MB, cores it can use)` cores. All workers start at the same time and cold, as many
 * as the account allows beside the first invocation. The others start warm when one of the first ends. Chunks
 * that end together are fetched together. It leaves out fetching the image, the cost of failures, and /tmp
 * beyond 512 MB, which is below 1 %.
 */
export function estimate(costs: FilmCosts, plan: Plan): Estimate {
  const {frames, fps, workers, memoryMb, prices = pricesOf(), architecture = 'x86_64'} = plan;
  const megabytes = (frames * costs.bytesPerFrame) / MB;
  const temporaryMb = COPIES * megabytes + ((frames / fps) * SOUND_BYTES) / MB;
  const segments = segmentsOf(plan);
  if (workers > segments.length) return no(`the film has ${segments.length} segments`);
  if (costs.memoryMb > memoryMb) return no(`a worker needs ${costs.memoryMb.toFixed(0)} MB`);
  if (temporaryMb > LAMBDA.temporaryMb)
    return no(`/tmp would hold ${(temporaryMb / 1024).toFixed(0)} GB, and holds 10`);

  const takes = seconds(costs, plan);
  // One of the account's executions is the first invocation itself.
  const free = Array.from({length: Math.min(workers, LAMBDA.concurrency - 1)}, () => 0);
  let gbSeconds = 0;
  let longestChunk = 0;
  const bill = (time: number) => {
    gbSeconds += (Math.ceil(time / LAMBDA.billedStep) * LAMBDA.billedStep * memoryMb) / 1024;
  };
  for (const {index, start, end} of planChunks(segments, workers)) {
    const place = index < free.length ? index : free.indexOf(Math.min(...free));
    const time = takes.chunk({start, end, cold: index < free.length});
    free[place] = (free[place] ?? 0) + time;
    longestChunk = Math.max(longestChunk, time);
    bill(time);
  }
  const wall = takes.before + Math.max(takes.sound, ...free) + takes.after;
  bill(wall);
  if (longestChunk > LAMBDA.longestInvocation) return no(`a chunk takes ${longestChunk.toFixed(0)} s`);
  if (wall > LAMBDA.longestInvocation) return no(`the first invocation takes ${wall.toFixed(0)} s`);
  const compute = gbSeconds * prices.gbSecond[architecture];
  const workerSeconds = (gbSeconds * 1024) / memoryMb - wall;
  const asked = (what: 'writes' | 'reads') =>
    REQUESTS.job[what] +
    REQUESTS.chunk[what] * workers +
    REQUESTS.second[what] * wall +
    REQUESTS.workerSecond[what] * workerSeconds;
  const storage =
    (asked('writes') + Math.ceil(megabytes / UPLOAD_MB)) * prices.write + asked('reads') * prices.read;
  const dollars = (1 + MESSAGES_SHARE) * compute + (workers + 1) * prices.invocation + storage;
  return {possible: true, wall, dollars, gbSeconds, longestChunk};
}

/** A film's segments: its own, or those of the grid. */
export const segmentsOf = ({segments, frames, fps}: Film): readonly number[] =>
  segments ?? segmentGrid({frames, fps});

const no = (reason: string): Estimate => ({possible: false, reason});

/** Seconds by the wall clock of whatever a film takes. */
function seconds(costs: FilmCosts, {frames, memoryMb}: Film) {
  const {start: starting = 0} = costs;
  const vcpu = memoryMb / LAMBDA.memoryMbPerVcpu;
  const spend = (cpu: number, cores: number) => cpu / Math.min(vcpu, cores);
  const transfer = (frames: number) => (frames * costs.bytesPerFrame) / MB / ASSUMED_S3_MB_PER_SECOND;
  const task = (name: 'plan' | 'sound' | 'merge') => spend(taskCpu(costs[name], frames), costs[name].cores);
  const start = starting + spend(costs.chunk.cold, costs.chunk.cores);
  return {
    chunk({start: first, end, cold}: {start: number; end: number; cold: boolean}): number {
      const shape = {start: first, frames: end - first, filmFrames: frames};
      const {drawing, playing} = chunkCpu(costs.chunk, shape, false);
      // Undrawn, a film is played as it is when it is planned.
      const drawn = spend(drawing, costs.chunk.cores) + spend(playing, costs.plan.cores);
      return (cold ? start : 0) + drawn + transfer(shape.frames);
    },
    before: start + task('plan'),
    sound: task('sound'),
    /** To fetch the chunks, to merge them, and to store the film. */
    after: transfer(frames) + task('merge') + transfer(frames),
  };
}

/** How much longer than the shortest time still counts as fast. */
const FAST = 1.1;
/** More workers than this are a decision about money and quotas, for a person to make. */
export const KNEE_MOST = 100;

/**
 * The knee of the curve of workers against time. It is the fewest workers that finish the film within 10 % of
 * the shortest time of any number up to 100. Before the knee the curve is steep, and a worker more is worth
 * it. Behind it each further worker costs as much as before, since it has to start a browser, and together
 * they gain at most that tenth.
 *
 * A chunk has whole segments, and the time is that of the longest: 29 workers are no faster with 30 segments than 15.
 *
 * @returns 1 to 100, and no more than the film has segments
 */
export function kneeOf(costs: FilmCosts, film: Film): number {
  const segments = segmentsOf(film);
  const takes = seconds(costs, film);
  const wall = (workers: number) => {
    const chunks = planChunks(segments, workers).map((chunk) => takes.chunk({...chunk, cold: true}));
    return takes.before + Math.max(takes.sound, ...chunks) + takes.after;
  };
  const most = Math.min(KNEE_MOST, segments.length);
  const walls = Array.from({length: most}, (_, index) => wall(index + 1));
  const fast = FAST * Math.min(...walls);
  return walls.findIndex((wall) => wall <= fast) + 1;
}
