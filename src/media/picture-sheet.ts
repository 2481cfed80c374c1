import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {fpsToRational} from '../model/frame-rate.ts';
import type {Timeline} from '../model/timeline.ts';
import {findFfmpeg, runFfmpeg} from './ffmpeg.ts';

/** Pictures of a film, as they are to lie in one JPEG. */
export interface SheetRequest {
  /** The finished film's file. */
  film: string;
  timeline: Pick<Timeline, 'fps'>;
  /** Which frames, row by row. */
  frames: readonly number[];
  columns: number;
  /** Width of each picture, in pixels. */
  width: number;
  height: number;
  /** ffmpeg's `-q:v`, 2 (good) to 31. */
  quality: number;
  /** Where the JPEG is put. */
  path: string;
  /** Where files may be written that are removed again. */
  directory: string;
  signal: AbortSignal;
}

/** Decoders at the same time: each keeps some frames of the film's size. */
const AT_ONCE = 12;
/** A film is BT.709 in limited range, a JPEG BT.601 in full range (JFIF 1.02); what is between them is RGB. */
const FROM_FILM = 'in_color_matrix=bt709:in_range=limited:flags=area+accurate_rnd,format=rgb24';
const TO_JPEG = 'scale=out_color_matrix=bt601:out_range=full:flags=accurate_rnd,format=yuvj420p';

/**
 * Takes exactly these frames from a film. Each is sought by itself, from the keyframe before it, so a long film takes no
 * longer than a short one.
 *
 * Rejects with `FfmpegFailed`, `FfmpegKilled`, `DiskFailed`, `ToolMissing` or `Aborted`.
 */
export async function makeSheet(request: SheetRequest): Promise<void> {
  const {frames, columns, path, directory, quality, signal} = request;
  const what = 'taking pictures from the film';
  const run = {ffmpeg: await findFfmpeg(), what, signal};
  const output = ['-frames:v', '1', '-q:v', String(quality), '-f', 'mjpeg', path];
  const tile = `tile=${columns}x${Math.ceil(frames.length / columns)},${TO_JPEG}`;
  if (frames.length <= AT_ONCE) {
    const {inputs, graph} = taken(request, frames);
    await runFfmpeg(
      [...inputs, '-filter_complex', `${graph},${tile}[sheet]`, '-map', '[sheet]', ...output],
      run,
    );
    return;
  }
  const folder = join(directory, 'pictures');
  const pictures = `${folder}-%d.png`;
  const files = frames.map((_, index) => pictures.replace('%d', String(index)));
  try {
    for (let start = 0; start < frames.length; start += AT_ONCE) {
      const {inputs, graph} = taken(request, frames.slice(start, start + AT_ONCE));
      const each = [
        '-r',
        '25',
        '-pix_fmt',
        'rgb24',
        '-f',
        'image2',
        '-start_number',
        String(start),
        pictures,
      ];
      await runFfmpeg([...inputs, '-filter_complex', `${graph}[all]`, '-map', '[all]', ...each], run);
    }
    await runFfmpeg(['-f', 'image2', '-start_number', '0', '-i', pictures, '-vf', tile, ...output], run);
  } finally {
    await Promise.all(files.map((file) => rm(file, {force: true})));
  }
}

/** Some frames one after the other, scaled. */
function taken(
  {film, timeline, width, height}: SheetRequest,
  frames: readonly number[],
): {inputs: string[]; graph: string} {
  const {numerator, denominator} = fpsToRational(timeline.fps);
  // Half a frame early: what is found is then the frame itself, whatever its time is rounded to.
  const before = (frame: number) => Math.max(0, ((frame - 0.5) * denominator) / numerator).toFixed(6);
  const inputs = frames.flatMap((frame) => ['-threads', '1', '-ss', before(frame), '-an', '-i', film]);
  const scale = `trim=end_frame=1,setpts=0,scale=${width}:${height}:${FROM_FILM},setsar=1`;
  const scaled = frames.map((_, index) => `[${index}:v:0]${scale}[p${index}]`);
  const all = frames.map((_, index) => `[p${index}]`).join('');
  return {inputs, graph: `${scaled.join(';')};${all}concat=n=${frames.length},settb=1/25,setpts=N`};
}

/** `count` frames, evenly spread: each in the middle of its share of the film; all frames of a film that has fewer. */
export function spread(count: number, frames: number): number[] {
  const shown = Math.min(count, frames);
  return Array.from({length: shown}, (_, index) => Math.floor(((index + 0.5) / shown) * frames));
}

/** A size of the same shape whose longer side is `long` pixels; both sides even, and at least 2. */
export function sizeWithin(size: Timeline['size'], long: number): Timeline['size'] {
  const scale = long / Math.max(size.width, size.height);
  const even = (side: number) => Math.max(2, Math.round((side * scale) / 2) * 2);
  return {width: even(size.width), height: even(size.height)};
}
