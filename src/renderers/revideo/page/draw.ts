import type {BrowserSettings} from '../../../model/encoding.ts';
import {borderOf} from './border.ts';
import {BrowserEncoding} from './encode.ts';
import type {Film} from './film.ts';
import {I420, readCanvas} from './i420.ts';
import {Outbox} from './outbox.ts';
import {Y4m} from './y4m.ts';

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 200;

/** Frames `[start, end)` of a film, and where they go. */
export interface DrawRequest {
  start: number;
  end: number;
  /** Where bytes are posted to. */
  output: string;
  /** How to encode here; undefined sends the frames as they are. */
  encode: BrowserSettings | undefined;
  /** Also hash the pixels of every frame. */
  frameHashes: boolean;
  /** Gets the number of frames drawn. */
  onFrames: (drawn: number) => void;
}

/** A chunk as the page has drawn it: see `ChunkFile`. */
export interface DrawnChunk {
  frames: number;
  hashes: string[];
  borders: {first: string; last: string};
  seconds: {drawing: number; encoding: number};
}

/** Draws and encodes a chunk. */
export async function drawChunk(
  film: Film,
  {start, end, output, encode, frameHashes, onFrames}: DrawRequest,
): Promise<DrawnChunk> {
  if (end > film.frames) {
    throw new Error(`Frame ${end - 1} was asked for, but the film has ${film.frames} frames.`);
  }
  const outbox = new Outbox(output);
  const picture = {...film.size, fps: film.fps};
  const encoding = encode
    ? new BrowserEncoding({...picture, settings: encode, onBytes: (bytes) => outbox.add(bytes)})
    : new Y4m(picture, outbox);
  const hashes: string[] = [];
  const borders = {first: '', last: ''};
  const i420 = await I420.create(film.size);
  await film.seek(start);
  const began = performance.now();
  let reported = began;
  let waited = 0;
  for (let frame = start; frame < end; frame++) {
    if (frame > start) await film.step();
    await film.draw();
    const pixels = await readCanvas(film.stage.finalBuffer, i420);
    if (frameHashes) hashes.push(await sha256(pixels));
    if (frame === start) borders.first = borderOf(pixels, film.size);
    if (frame === end - 1) borders.last = borderOf(pixels, film.size);
    const drawn = performance.now();
    await encoding.add(pixels, frame - start);
    waited += performance.now() - drawn;
    if (performance.now() - reported > REPORT_EVERY) {
      reported = performance.now();
      onFrames(frame - start + 1);
    }
  }
  const last = performance.now();
  const frames = await encoding.finish();
  await outbox.flush();
  const ended = performance.now();
  waited += ended - last;
  onFrames(frames);
  const seconds = {drawing: (ended - began - waited) / 1000, encoding: waited / 1000};
  return {frames, hashes, borders, seconds};
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
