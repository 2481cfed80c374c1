import {asView, type Box, boxesIn, fileBoxes} from './boxes.ts';
import type {FileBytes} from './file-bytes.ts';

/** One line of an edit list (ISO/IEC 14496-12, 8.6.6), in seconds. */
export interface Edit {
  /** Where in the track it begins; undefined for time in which nothing is shown. */
  at: number | undefined;
  /** How long it lasts; 0 if it goes on to the track's end. */
  seconds: number;
  /** 1 unless it is played faster or slower, or stands. */
  rate: number;
}

/** The timing of a track in an MP4 or QuickTime file. */
export interface TrackEdits {
  sort: 'picture' | 'sound';
  edits: Edit[];
}

/** The edits of a file, as a renderer needs them. */
export interface Edited {
  /** Why the file cannot be followed; goes after "cannot be read: ", without a full stop. */
  refusal?: string;
  /** Seconds at which its pictures end, though the file has more of them. */
  picture?: number;
  /** Seconds at which the last of picture and sound ends. */
  end?: number;
}

/** Bytes of the largest index that is read. */
const MOST = 64_000_000;
/** Seconds by which two edits may lie apart and still follow each other: lengths are rounded to milliseconds, mostly. */
const ROUNDED = 0.002;

/** Reads the edits of all pictures and sounds; of other kinds of files there are none. */
export async function readEdits(file: FileBytes): Promise<TrackEdits[]> {
  for await (const box of fileBoxes(file)) {
    // A file of another kind does not begin with letters there.
    if (!/^[\w -]{4}$/.test(box.type)) return [];
    if (box.type !== 'moov' || box.end - box.start > MOST) continue;
    const view = asView(await file.read(box.start, box.end));
    const moov = {start: 0, end: view.byteLength};
    const movieScale = scaleOf(view, find(view, moov, 'mvhd'));
    // Its lengths only cover the first part; more comes in fragments.
    const isFragmented = find(view, moov, 'mvex') !== undefined;
    return [...boxesIn(view, moov)]
      .filter(({type}) => type === 'trak')
      .map((track) => trackEdits(view, track, movieScale))
      .filter((track) => track !== undefined)
      .map(({sort, edits}) => ({sort, edits: isFragmented ? edits.map(withoutEnd) : edits}));
  }
  return [];
}

const withoutEnd = (edit: Edit): Edit => (edit.at === undefined ? edit : {...edit, seconds: 0});

/** Reads a track that will be played; a disabled one holds chapters' pictures and similar things. */
function trackEdits(view: DataView, track: Box, movieScale: number): TrackEdits | undefined {
  const media = find(view, track, 'mdia');
  const handler = media && find(view, media, 'hdlr');
  const kind =
    handler && String.fromCharCode(...[8, 9, 10, 11].map((at) => view.getUint8(handler.start + at)));
  const header = find(view, track, 'tkhd');
  if (!header || !(view.getUint8(header.start + 3) & 1)) return undefined;
  if (!media || (kind !== 'vide' && kind !== 'soun')) return undefined;
  const list = find(view, find(view, track, 'edts'), 'elst');
  const scales = [movieScale, scaleOf(view, find(view, media, 'mdhd'))] as const;
  return {sort: kind === 'vide' ? 'picture' : 'sound', edits: list ? readList(view, list, scales) : []};
}

/** Ticks a second, of a movie's or a track's header. */
function scaleOf(view: DataView, header: Box | undefined): number {
  if (!header) return 1;
  return view.getUint32(header.start + (view.getUint8(header.start) === 1 ? 20 : 12)) || 1;
}

function readList(
  view: DataView,
  list: Box,
  [movie, media]: readonly [movie: number, media: number],
): Edit[] {
  const isLong = view.getUint8(list.start) === 1;
  const size = isLong ? 20 : 12;
  const room = Math.floor((Math.min(list.end, view.byteLength) - list.start - 8) / size);
  return Array.from({length: Math.min(view.getUint32(list.start + 4), room)}, (_, index) => {
    const line = list.start + 8 + index * size;
    const seconds = (isLong ? Number(view.getBigUint64(line)) : view.getUint32(line)) / movie;
    const at = isLong ? Number(view.getBigInt64(line + 8)) : view.getInt32(line + 4);
    return {seconds, at: at < 0 ? undefined : at / media, rate: view.getInt32(line + size - 4) / 65_536};
  });
}

const find = (
  view: DataView,
  within: Pick<Box, 'start' | 'end'> | undefined,
  type: string,
): Box | undefined => within && [...boxesIn(view, within)].find((box) => box.type === type);

/**
 * How a renderer treats edits. The decoder of pictures knows a delay and where the first edit begins; sounds
 * are cut by ffmpeg, which knows all of them. So a file whose edits jump is refused, and the end of the last
 * edit is kept.
 */
export function followEdits(tracks: readonly TrackEdits[]): Edited {
  const ends = tracks.map(({sort, edits}) => ({sort, ...endOf(edits)}));
  const [refused] = ends.filter(({pieces}) => pieces > 1);
  if (refused) {
    return {
      refusal: `its index puts the ${refused.sort} together from ${refused.pieces} pieces (an edit list), which a browser's decoder cannot follow; write it anew: ffmpeg -i <file> -c:v libx264 -crf 18 -pix_fmt yuv420p -c:a aac <new>.mp4`,
    };
  }
  const picture = ends.find(({sort}) => sort === 'picture')?.end;
  const all = ends.map(({end}) => end ?? Number.POSITIVE_INFINITY);
  const end = all.length > 0 ? Math.max(...all) : Number.POSITIVE_INFINITY;
  return {...(picture !== undefined && {picture}), ...(Number.isFinite(end) && {end})};
}

/** How many pieces do not simply follow each other, at normal speed, and where the last one ends. */
function endOf(edits: readonly Edit[]): {pieces: number; end?: number} {
  const first = edits.findIndex(({at}) => at !== undefined);
  if (first < 0) return {pieces: 0};
  const lead = edits.slice(0, first).reduce((sum, {seconds}) => sum + seconds, 0);
  const last = edits.findLastIndex(({at}) => at !== undefined);
  let [pieces, length, next] = [0, 0, Number.NaN];
  for (const {at, seconds, rate} of edits.slice(first, last + 1)) {
    const goesOn = at !== undefined && Math.abs(at - next) < ROUNDED;
    if (!goesOn || rate !== 1) pieces += rate === 1 ? 1 : 2;
    next = (at ?? Number.NaN) + seconds;
    length += seconds;
  }
  return {pieces, ...(length > 0 && {end: lead + length})};
}
