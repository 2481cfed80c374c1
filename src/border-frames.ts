import {readFile} from 'node:fs/promises';

/** What has to be decoded to see a chunk's first and last frame. */
export interface BorderFrames {
  /** An Annex B stream: the first frame, and the last keyframe with all that follow it. */
  bytes: Buffer;
  /** Frames in it; the first and the last of them are the chunk's. */
  frames: number;
}

/** Types of NAL units (Rec. ITU-T H.264, table 7-1). */
const [SLICE, KEY_SLICE, SEI, DELIMITER] = [1, 5, 6, 9];

/** Takes out of a chunk, an Annex B stream, what its first and its last frame need. */
export async function borderFrames(path: string): Promise<BorderFrames> {
  const stream = await readFile(path);
  const starts = [...pictures(stream)];
  const lastKey = starts.findLast(({key}) => key);
  const second = starts[1];
  if (!lastKey || !second || lastKey === starts[0]) return {bytes: stream, frames: starts.length};
  const bytes = Buffer.concat([stream.subarray(0, second.at), stream.subarray(lastKey.at)]);
  return {bytes, frames: 1 + starts.length - starts.indexOf(lastKey)};
}

/** Where each picture begins, with the units that belong in front of it. */
function* pictures(stream: Buffer): Generator<{at: number; key: boolean}> {
  /** Of the units in front of the next picture. */
  let prefix: number | undefined;
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0; at = stream.indexOf('000001', at + 3, 'hex')) {
    const type = (stream[at + 3] ?? 0) & 31;
    if (type >= SEI && type <= DELIMITER) prefix ??= at;
    if (type !== SLICE && type !== KEY_SLICE) continue;
    // A slice's header begins with the number of its first macroblock; 0, one bit set, begins a picture.
    if ((stream[at + 4] ?? 0) & 0x80) yield {at: prefix ?? at, key: type === KEY_SLICE};
    prefix = undefined;
  }
}
