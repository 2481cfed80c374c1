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

/** The worker's chunk, and the place of its report. */
interface Told {
  jobId: string;
  /** Milliseconds between two words. */
  every: number;
  storage: Storage;
  signal: AbortSignal;
}

/** A chunk of a job's run. */
interface ToldChunk {
  start: number;
  end: number;
  run: number;
}

/** Says again and again how many frames of a chunk are drawn, if that is something new, until the signal fires. */
export async function tellFrames(
  {jobId, every, storage, signal}: Told,
  {chunk, drawn}: {chunk: ToldChunk; drawn: () => number},
): Promise<void> {
  let told = 0;
  while (!signal.aborted) {
    await pause(every, signal).catch(() => {});
    const frames = drawn();
    if (signal.aborted || frames === told) continue;
    // A word that does not get through is made up for by the next one.
    await putRecord(drawnKey(jobId, chunk), {frames}, {storage, signal}).catch(() => {});
    told = frames;
  }
}

/** Reads at the same time. */
const READS = 32;

/**
 * Listens to what the workers say, until the signal fires.
 *
 * @param running the chunks that workers render at the moment, by their indices; asked again and again
 */
export async function readFrames(
  {jobId, every, storage, signal}: Told,
  {
    running,
    onFrames,
  }: {running: () => Map<number, ToldChunk>; onFrames: (index: number, frames: number) => void},
): Promise<void> {
  const limit = pLimit(READS);
  const heard = new Map<number, number>();
  const read = async ([index, chunk]: [number, ToldChunk]) => {
    const said = await readRecord(drawnKey(jobId, chunk), {storage, signal});
    const {data} = FramesDrawn.safeParse(said);
    if (!data || data.frames === heard.get(index) || !running().has(index)) return;
    heard.set(index, data.frames);
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
