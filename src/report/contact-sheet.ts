import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {findFfmpeg, runFfmpeg} from '../ffmpeg.ts';
import type {Timeline} from '../renderer.ts';

/** Pictures of a film, row by row in one JPEG. */
export interface ContactSheet {
  jpeg: Uint8Array;
  columns: number;
  rows: number;
  /** Where in the film each picture is, in seconds. */
  seconds: number[];
  /** Of the film, whose shape each picture has. */
  size: {width: number; height: number};
}

/** Pictures of a sheet, beside each other, and the longer side of each in pixels. */
const [PICTURES, COLUMNS, LONG_SIDE] = [12, 4, 240];

/** Makes a contact sheet of a finished film: each picture is sought, so a long film takes no longer than a short one. */
export async function makeContactSheet({
  film,
  timeline,
  directory,
  signal,
}: {
  /** Its file. */
  film: string;
  timeline: Pick<Timeline, 'frames' | 'fps' | 'size'>;
  directory: string;
  signal: AbortSignal;
}): Promise<ContactSheet> {
  const {frames, fps, size} = timeline;
  const count = Math.min(PICTURES, frames);
  const columns = Math.min(COLUMNS, count);
  const rows = Math.ceil(count / columns);
  const shown = Array.from({length: count}, (_, index) => Math.floor(((index + 0.5) / count) * frames));
  const scale = LONG_SIDE / Math.max(size.width, size.height);
  const [width, height] = [size.width, size.height].map((side) =>
    Math.max(2, Math.round((side * scale) / 2) * 2),
  );
  const path = join(directory, 'contact-sheet.jpg');
  // Half a frame early: what a seek finds is then the frame itself, whatever its time is rounded to.
  const inputs = shown.flatMap((frame) => ['-ss', Math.max(0, (frame - 0.5) / fps).toFixed(6), '-i', film]);
  const scaled = shown.map(
    (_, index) => `[${index}:v]trim=end_frame=1,scale=${width}:${height}:flags=area[p${index}]`,
  );
  const joined = `${shown.map((_, index) => `[p${index}]`).join('')}concat=n=${count},tile=${columns}x${rows}[sheet]`;
  const args = ['-threads', '1', ...inputs, '-filter_complex', `${scaled.join(';')};${joined}`];
  const output = ['-map', '[sheet]', '-frames:v', '1', '-q:v', '6', path];
  await runFfmpeg([...args, ...output], {
    ffmpeg: await findFfmpeg(),
    what: 'making the contact sheet',
    signal,
  });
  return {jpeg: await readFile(path), columns, rows, seconds: shown.map((frame) => frame / fps), size};
}
