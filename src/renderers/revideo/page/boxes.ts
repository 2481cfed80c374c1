import type {FileBytes} from './file-bytes.ts';

/** A box of an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2). */
export interface Box {
  type: string;
  /** Where what it holds begins. */
  start: number;
  /** Where it ends by its own header: behind the file's end, if the file broke off. */
  end: number;
}

/** Boxes of one level that are looked at: more are of a file of many fragments. */
const MOST = 200;

/** The boxes that a file consists of. */
export async function* fileBoxes(file: FileBytes): AsyncGenerator<Box> {
  let at = 0;
  for (let count = 0; count < MOST && at + 8 <= file.length; count++) {
    const bytes = await file.read(at, at + 16);
    const box = readBox(asView(bytes), 0, file.length - at);
    if (!box) return;
    yield {type: box.type, start: at + box.start, end: at + box.end};
    at += box.end;
  }
}

/** The boxes that one holds. */
export function* boxesIn(view: DataView, {start, end}: Pick<Box, 'start' | 'end'>): Generator<Box> {
  let at = start;
  const last = Math.min(end, view.byteLength);
  while (at + 8 <= last) {
    const box = readBox(view, at, last - at);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** The bytes as a view of the same memory. */
export const asView = ({buffer, byteOffset, byteLength}: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** @param left bytes up to the end of what holds the box, for one that goes on to there */
function readBox(view: DataView, at: number, left: number): Box | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const type = String.fromCharCode(...[4, 5, 6, 7].map((byte) => view.getUint8(at + byte)));
  const short = view.getUint32(at);
  const isLong = short === 1;
  if (isLong && at + 16 > view.byteLength) return undefined;
  const header = isLong ? 16 : 8;
  const size = short === 0 ? left : isLong ? Number(view.getBigUint64(at + 8)) : short;
  if (size < header || !Number.isSafeInteger(size)) return undefined;
  return {type, start: at + header, end: at + size};
}
