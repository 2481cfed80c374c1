import {Encoder} from './encode.ts';
import type {Film} from './film.ts';
import {Outbox} from './outbox.ts';

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 200;

/** Frames `[start, end)` of a film, and where they go. */
export interface DrawRequest {
  start: number;
  end: number;
  /** Where encoded bytes are posted to. */
  output: string;
  /** Also hash the pixels of every frame. */
  frameHashes: boolean;
  /** Told how many frames are drawn. */
  onFrames: (drawn: number) => void;
}

/** Draws and encodes a chunk. Returns how many frames were encoded, and their hashes if asked for. */
export async function drawChunk(
  film: Film,
  {start, end, output, frameHashes, onFrames}: DrawRequest,
): Promise<{frames: number; hashes: string[]}> {
  if (end > film.frames) {
    throw new Error(`Frame ${end - 1} was asked for, but the film has ${film.frames} frames.`);
  }
  const outbox = new Outbox(output);
  const encoder = new Encoder({...film.size, fps: film.fps, onBytes: (bytes) => outbox.add(bytes)});
  const hashes: string[] = [];
  let reported = performance.now();
  await film.seek(start);
  for (let frame = start; frame < end; frame++) {
    if (frame > start) await film.step();
    await film.draw();
    if (frameHashes) hashes.push(await hashPixels(film.stage.finalBuffer));
    await encoder.add(film.stage.finalBuffer, frame - start);
    if (performance.now() - reported > REPORT_EVERY) {
      reported = performance.now();
      onFrames(frame - start + 1);
    }
  }
  const frames = await encoder.finish();
  await outbox.flush();
  return {frames, hashes};
}

async function hashPixels(canvas: HTMLCanvasElement): Promise<string> {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The canvas has no 2D context.');
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
