import {asView, fileBoxes} from './boxes.ts';
import type {FileBytes} from './file-bytes.ts';

/** Bytes by which a WAV may say too much of itself: programs count its header in different ways. */
const WAV_SLACK = 128;
/** Part of an MP3 that may be missing: programs that cut one may leave its header as it was. */
const MP3_SLACK = 0.01;

/**
 * How many bytes a file says that it has, at least: MP4, MOV, WebM, Matroska, WAV, and MP3 with a Xing header.
 *
 * @returns undefined where it does not say so, as a film that was recorded live, or says little more than there is
 */
export async function promisedLength(file: FileBytes): Promise<number | undefined> {
  const head = asView(await file.read(0, 256));
  if (head.byteLength < 12) return undefined;
  const promised = isMp4(head)
    ? await endOfBoxes(file)
    : (endOfSegment(head) ?? endOfWav(head) ?? (await endOfMp3(file, head)));
  return promised !== undefined && promised > file.length ? promised : undefined;
}

const textAt = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));

const isMp4 = (head: DataView): boolean => /^(ftyp|moov|mdat|wide|free|skip)$/.test(textAt(head, 4, 4));

/** The bytes behind the last of these boxes may have any format. */
async function endOfBoxes(file: FileBytes): Promise<number> {
  let last = 0;
  for await (const {type, end} of fileBoxes(file)) if (/^(moov|mdat|moof)$/.test(type)) last = end;
  return last;
}

/** For WebM and Matroska: a header, and a segment that holds the rest (RFC 8794, 6). */
function endOfSegment(head: DataView): number | undefined {
  if (head.getUint32(0) !== 0x1a45dfa3) return undefined;
  const header = readSize(head, 4);
  const at = header?.end;
  if (!at || at + 12 > head.byteLength || head.getUint32(at) !== 0x18538067) return undefined;
  return readSize(head, at + 4)?.end;
}

/** A size of EBML: its first byte's leading zeros say how long it is; all ones mean that it is not known. */
function readSize(view: DataView, at: number): {end: number} | undefined {
  const first = view.getUint8(at);
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > view.byteLength) return undefined;
  let size = BigInt(first) & ((1n << BigInt(8 - length)) - 1n);
  for (let byte = 1; byte < length; byte++) size = (size << 8n) | BigInt(view.getUint8(at + byte));
  if (size === (1n << BigInt(7 * length)) - 1n) return undefined;
  return {end: at + length + Number(size)};
}

function endOfWav(head: DataView): number | undefined {
  if (textAt(head, 0, 4) !== 'RIFF' || textAt(head, 8, 4) !== 'WAVE') return undefined;
  const size = head.getUint32(4, true);
  // A program that writes to a pipe cannot know the length.
  return size === 0 || size > 0xffff_ff00 ? undefined : size + 8 - WAV_SLACK;
}

/** By the Xing header, which its first frame holds: its flags, then frames and bytes where they say so. */
async function endOfMp3(file: FileBytes, head: DataView): Promise<number | undefined> {
  const tag =
    textAt(head, 0, 3) === 'ID3'
      ? 10 + [6, 7, 8, 9].reduce((sum, at) => sum * 128 + head.getUint8(at), 0)
      : 0;
  const frame = tag === 0 ? head : asView(await file.read(tag, tag + 256));
  if (frame.byteLength < 64 || (frame.getUint16(0) & 0xffe0) !== 0xffe0) return undefined;
  const text = textAt(frame, 0, frame.byteLength);
  const at = Math.max(text.indexOf('Xing'), text.indexOf('Info'));
  if (at < 0 || at + 16 > frame.byteLength) return undefined;
  const flags = frame.getUint32(at + 4);
  if (!(flags & 2)) return undefined;
  const bytes = frame.getUint32(at + 8 + (flags & 1 ? 4 : 0));
  return Math.floor(tag + bytes * (1 - MP3_SLACK));
}
