import {createReadStream} from 'node:fs';
import {open, stat} from 'node:fs/promises';

/** The parts of a chunk that must be decoded to see its first and last frame. */
export interface BorderFrames {
  /** An Annex B stream: the first frame, and the last keyframe with all that follow it. */
  bytes: Buffer;
  /** Frames in it; the first and the last of them are the chunk's. */
  frames: number;
}

interface Picture {
  /** Where it begins, with the units that belong in front of it. */
  at: number;
  key: boolean;
}

/** Types of NAL units (Rec. ITU-T H.264, table 7-1). */
const [SLICE, KEY_SLICE, SEI, DELIMITER] = [1, 5, 6, 9];
/** Bytes of a start code, a unit's header, and the first of a slice's. */
const PREFIX = 5;

/** Takes the bytes that the first and last frame need out of an Annex B stream of any length, or of a part of it. */
export async function borderFrames(
  path: string,
  part?: {offset: number; bytes: number},
): Promise<BorderFrames> {
  const {offset, bytes: size} = part ?? {offset: 0, bytes: (await stat(path)).size};
  const read = (range: readonly [from: number, to: number]) => readBytes(path, offset, range);
  const pictures: Picture[] = [];
  for await (const picture of findPictures(path, {offset, size})) pictures.push(picture);
  const lastKey = pictures.findLastIndex(({key}) => key);
  const [second, last] = [pictures[1], pictures[lastKey]];
  if (!second || !last || lastKey === 0) return {bytes: await read([0, size]), frames: pictures.length};
  const bytes = Buffer.concat([await read([0, second.at]), await read([last.at, size])]);
  return {bytes, frames: 1 + pictures.length - lastKey};
}

async function* findPictures(
  path: string,
  {offset: start, size}: {offset: number; size: number},
): AsyncGenerator<Picture> {
  /** Start of the units in front of the next picture. */
  let prefix: number | undefined;
  let rest = Buffer.alloc(0);
  let offset = 0;
  for await (const piece of createReadStream(path, {start, end: start + size - 1, highWaterMark: 1 << 20})) {
    const bytes = Buffer.concat([rest, piece as Buffer]);
    const end = bytes.length - PREFIX;
    for (
      let at = bytes.indexOf('000001', 0, 'hex');
      at >= 0 && at <= end;
      at = bytes.indexOf('000001', at + 3, 'hex')
    ) {
      const type = (bytes[at + 3] ?? 0) & 31;
      if (type >= SEI && type <= DELIMITER) prefix ??= offset + at;
      if (type !== SLICE && type !== KEY_SLICE) continue;
      // A slice's header begins with the number of its first macroblock; 0, one bit set, begins a picture.
      if ((bytes[at + 4] ?? 0) & 0x80) yield {at: prefix ?? offset + at, key: type === KEY_SLICE};
      prefix = undefined;
    }
    const kept = Math.min(bytes.length, PREFIX - 1);
    rest = bytes.subarray(bytes.length - kept);
    offset += bytes.length - kept;
  }
}

async function readBytes(
  path: string,
  offset: number,
  [from, to]: readonly [from: number, to: number],
): Promise<Buffer> {
  await using file = await open(path);
  const bytes = Buffer.alloc(to - from);
  await file.read(bytes, 0, bytes.length, offset + from);
  return bytes;
}
