import pLimit from 'p-limit';
import {z} from 'zod';
import {pause} from '../../base/pause.ts';
import {drawnKey} from '../../model/keys.ts';
import {putRecord, readRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/**
 * How a worker on Lambda reports the number of frames it has drawn. The orchestrator cannot ask it, and it
 * answers once: earlier reports have to go through a store that both can reach. The cheapest one without
 * extra infrastructure is an object that is overwritten. It costs as much as a fifth of a second of a worker
 * of 2 GB. So it reports by the clock and not by the frame, and `tellEvery` limits that to a share of the
 * worker's cost.
 */
const FramesDrawn = z.object({frames: z.int().min(0)});

/** Where and how often reports are written or read. */
interface ReportOptions {
  jobId: string;
  /** Milliseconds between two reports. */
  every: number;
  storage: Storage;
  signal: AbortSignal;
}

/** A chunk of a job's run. */
interface ReportedChunk {
  start: number;
  end: number;
  run: number;
}

/** Reports how many frames of a chunk are drawn each time that the number has grown, until the signal fires. */
export async function reportFrames(
  {jobId, every, storage, signal}: ReportOptions,
  {chunk, drawn}: {chunk: ReportedChunk; drawn: () => number},
): Promise<void> {
  let reported = 0;
  while (!signal.aborted) {
    await pause(every, signal).catch(() => {});
    const frames = drawn();
    if (signal.aborted || frames === reported) continue;
    // The next report replaces one that is lost.
    await putRecord(drawnKey(jobId, chunk), {frames}, {storage, signal}).catch(() => {});
    reported = frames;
  }
}

/** Reads at the same time. */
const READS = 32;

/**
 * Reads the reports of the workers, until the signal fires.
 *
 * @param running the chunks that workers render at the moment, by their indices; called before each reading
 */
export async function readFrames(
  {jobId, every, storage, signal}: ReportOptions,
  {
    running,
    onFrames,
  }: {running: () => Map<number, ReportedChunk>; onFrames: (index: number, frames: number) => void},
): Promise<void> {
  const limit = pLimit(READS);
  const known = new Map<number, number>();
  const read = async ([index, chunk]: [number, ReportedChunk]) => {
    const report = await readRecord(drawnKey(jobId, chunk), {storage, signal});
    const {data} = FramesDrawn.safeParse(report);
    if (!data || data.frames === known.get(index) || !running().has(index)) return;
    known.set(index, data.frames);
    onFrames(index, data.frames);
  };
  while (!signal.aborted) {
    await pause(every, signal).catch(() => {});
    // A worker that has not started yet has no report. The next report replaces one that cannot be read.
    await Promise.allSettled(
      [...running()].map((one) => limit(() => (signal.aborted ? undefined : read(one)))),
    );
  }
}
