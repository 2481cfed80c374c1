import {planChunks} from '../../src/plan.ts';
import {ASSUMED_S3_MB_PER_SECOND, AWS, UPLOAD_MB} from './aws.ts';
import {chunkCpu, type FilmCosts, taskCpu} from './model.ts';

/** How a film is rendered. */
export interface Plan {
  frames: number;
  /** Frames a second. */
  fps: number;
  workers: number;
  /** Of the function, in MB of 1,024 kB, as Lambda counts. */
  memoryMb: number;
}

/** What a film would take and cost, or why it cannot be made so. */
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
/** Of /tmp a second: the film's sound (16 bits) and one source's (32 bits), both stereo at 48 kHz. */
const SOUND_BYTES = 48_000 * 2 * (2 + 4);
/** Chunks, their sum, and the film. */
const COPIES = 3;

/**
 * What a film takes on Lambda when every core there is as fast as those it was measured on. A task has
 * `min(memory / 1769 MB, cores it can use)` cores. All workers start at the same time and cold, as many as the account
 * allows beside the first invocation; those that find no room start warm where another one ended. Chunks that end
 * together are fetched together. Of Lambda's own doing nothing is in it: fetching the image, starting an environment.
 */
export function estimate(costs: FilmCosts, plan: Plan): Estimate {
  const {frames, fps, workers, memoryMb} = plan;
  const megabytes = (frames * costs.bytesPerFrame) / MB;
  const temporaryMb = COPIES * megabytes + ((frames / fps) * SOUND_BYTES) / MB;
  if (workers > frames) return no(`the film has ${frames} frames`);
  if (costs.memoryMb > memoryMb) return no(`a worker needs ${costs.memoryMb.toFixed(0)} MB`);
  if (temporaryMb > AWS.temporaryMb)
    return no(`/tmp would hold ${(temporaryMb / 1024).toFixed(0)} GB, and holds 10`);

  const vcpu = memoryMb / AWS.memoryMbPerVcpu;
  const seconds = (cpu: number, cores: number) => cpu / Math.min(vcpu, cores);
  const task = (name: 'plan' | 'sound' | 'merge') => seconds(taskCpu(costs[name], frames), costs[name].cores);
  const chunkSeconds = (start: number, end: number, cold: boolean) => {
    const shape = {start, frames: end - start, filmFrames: frames};
    const transfer = (shape.frames * costs.bytesPerFrame) / MB / ASSUMED_S3_MB_PER_SECOND;
    const {drawing, playing} = chunkCpu(costs.chunk, shape, cold);
    // Undrawn, a film is played as it is when it is planned.
    return seconds(drawing, costs.chunk.cores) + seconds(playing, costs.plan.cores) + transfer;
  };

  // One of the account's executions is the first invocation itself.
  const free = Array.from({length: Math.min(workers, AWS.concurrency - 1)}, () => 0);
  let gbSeconds = 0;
  let longestChunk = 0;
  const bill = (time: number) => {
    gbSeconds += (Math.ceil(time / AWS.billedStep) * AWS.billedStep * memoryMb) / 1024;
  };
  for (const {index, start, end} of planChunks(frames, workers)) {
    const place = index < free.length ? index : free.indexOf(Math.min(...free));
    const time = chunkSeconds(start, end, index < free.length);
    free[place] = (free[place] ?? 0) + time;
    longestChunk = Math.max(longestChunk, time);
    bill(time);
  }
  const transfer = megabytes / ASSUMED_S3_MB_PER_SECOND;
  const starting = seconds(costs.chunk.cold, costs.chunk.cores);
  const drawing = Math.max(task('sound'), ...free);
  const wall = starting + task('plan') + drawing + transfer + task('merge') + transfer;
  bill(wall);
  if (longestChunk > AWS.longestInvocation) return no(`a chunk takes ${longestChunk.toFixed(0)} s`);
  if (wall > AWS.longestInvocation) return no(`the first invocation takes ${wall.toFixed(0)} s`);
  const dollars =
    gbSeconds * AWS.dollarsPerGbSecond +
    (workers + 1) * AWS.dollarsPerInvocation +
    (workers + Math.ceil(megabytes / UPLOAD_MB)) * AWS.dollarsPerPut +
    workers * AWS.dollarsPerGet;
  return {possible: true, wall, dollars, gbSeconds, longestChunk};
}

const no = (reason: string): Estimate => ({possible: false, reason});
