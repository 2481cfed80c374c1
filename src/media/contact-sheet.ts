import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Timeline} from '../model/timeline.ts';
import {makeSheet, sizeWithin, spread} from './picture-sheet.ts';

/** Pictures of a film, row by row in one JPEG. */
export interface ContactSheet {
  jpeg: Uint8Array;
  columns: number;
  rows: number;
  /** Where in the film each picture is, in seconds. */
  seconds: number[];
  /** The film's size; each picture has its shape. */
  size: Timeline['size'];
}

/** Pictures of a sheet, beside each other, and the longer side of each in pixels. */
const [PICTURES, COLUMNS, LONG_SIDE] = [12, 4, 240];

/** The finished film that a contact sheet shows. */
export interface ContactSheetRequest {
  /** Its file. */
  film: string;
  timeline: Pick<Timeline, 'frames' | 'fps' | 'size'>;
  /** Where files may be written; the caller removes it. */
  directory: string;
  signal: AbortSignal;
}

/** Makes a contact sheet of a finished film. Rejects as `makeSheet` does. */
export async function makeContactSheet({
  film,
  timeline,
  directory,
  signal,
}: ContactSheetRequest): Promise<ContactSheet> {
  const {fps, size} = timeline;
  const frames = spread(PICTURES, timeline.frames);
  const columns = Math.min(COLUMNS, frames.length);
  const path = join(directory, 'contact-sheet.jpg');
  const picture = {...sizeWithin(size, LONG_SIDE), quality: 6};
  await makeSheet({film, timeline, frames, columns, ...picture, path, directory, signal});
  const rows = Math.ceil(frames.length / columns);
  return {jpeg: await readFile(path), columns, rows, seconds: frames.map((frame) => frame / fps), size};
}
