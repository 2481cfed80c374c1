import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import type {PartialResult} from '../../../src/model/result.ts';
import {ffmpeg} from '../../support/media.ts';
import type {ImageStage} from './stage.ts';

/** The sample's segments; in the first frame of this one its text stands at its full size. */
const [SEGMENTS, SEGMENT] = [20, 11];

/** The one frame of the sample in which `message` stands, as RGB. */
export async function drawMessage(stage: ImageStage, message: string): Promise<Buffer> {
  const {packs} = await stage.invoke<PartialResult>({
    jobType: 'partialRender',
    jobId: 'letters',
    workerId: SEGMENT,
    numWorkers: SEGMENTS,
    variables: {message},
  });
  const directory = await mkdtemp(join(tmpdir(), 'letters-'));
  try {
    const file = join(directory, 'frame.h264');
    const signal = AbortSignal.timeout(20_000);
    const pack = await buffer(await stage.bucket.direct.get(packs[0]?.key ?? '', {signal}));
    // Behind the line of its index.
    await writeFile(file, pack.subarray(pack.indexOf('\n') + 1));
    return await ffmpeg('-i', file, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-');
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

/** How many pixels of two frames are clearly different. */
export function differing(one: Buffer, other: Buffer): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 3) {
    const distance = [0, 1, 2].map((channel) =>
      Math.abs((one[at + channel] ?? 0) - (other[at + channel] ?? 0)),
    );
    if (Math.max(...distance) > 60) count++;
  }
  return count;
}

/** How many pixels of a frame are as yellow as a face of the emoji are. */
export function yellow(frame: Buffer): number {
  let count = 0;
  for (let at = 0; at < frame.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = frame.subarray(at, at + 3);
    if (red > 200 && green > 150 && blue < 120) count++;
  }
  return count;
}
