import {z} from 'zod';
import {drawnKey} from '../keys.ts';
import {pause} from '../pause.ts';
import {putJson, readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';

/**
 * How a worker on Lambda says how many frames it has drawn. It cannot be asked, and it answers once: what it says before
 * has to go through something both can reach. Of these, an object that is written over costs least without anything
 * further to set up: as much as a fifth of a second of a worker of 2 GB. So it says so by the clock and not by the frame,
 * and `tellEvery` keeps that to a share of what the worker costs.
 */
const FramesDrawn = z.object({attempt: z.int().min(1), frames: z.int().min(0)});

/** Which chunk, of which run of which job. */
interface ToldChunk {
  jobId: string;
  chunk: {start: number; end: number; run: number};
  attempt: number;
  storage: Storage;
  signal: AbortSignal;
}

/**
 * Says again and again how many frames of a chunk are drawn, if that is something new, until the signal fires.
 *
 * @param every milliseconds between two words
 * @param drawn is asked how many
 */
export async function tellFrames(
  {jobId, chunk, attempt, storage, signal}: ToldChunk,
  {every, drawn}: {every: number; drawn: () => number},
): Promise<void> {
  let told = 0;
  for (;;) {
    await pause(every, signal);
    const frames = drawn();
    if (frames === told) continue;
    // A word that does not get through is made up for by the next one.
    await putJson(drawnKey(jobId, chunk), {attempt, frames}, {storage, signal}).catch(() => {});
    told = frames;
  }
}

/** How many frames of a chunk a worker has said to have drawn in this attempt; undefined if it has said nothing. */
export async function readFrames({
  jobId,
  chunk,
  attempt,
  storage,
  signal,
}: ToldChunk): Promise<number | undefined> {
  const said = FramesDrawn.safeParse(await readJson(drawnKey(jobId, chunk), {storage, signal}));
  return said.success && said.data.attempt === attempt ? said.data.frames : undefined;
}
