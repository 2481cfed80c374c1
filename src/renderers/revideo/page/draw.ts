import {segmentRanges} from '../../../model/segments.ts';
import {borderOf} from './border.ts';
import {BrowserEncoding, type FrameEncoder} from './encode.ts';
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
  /** Frames of each segment, in order; together those of the chunk. */
  segments: readonly number[];
  /** Where bytes are posted to. */
  output: string;
  /** Whether to encode here; otherwise the frames are sent as they are. */
  encode: boolean;
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
  {start, end, segments, output, encode, frameHashes, onFrames}: DrawRequest,
): Promise<DrawnChunk> {
  if (end > film.frames) {
    throw new Error(`Frame ${end - 1} was asked for, but the film has ${film.frames} frames.`);
  }
  const openEncoder = encoders(film, {output, encode});
  const hashes: string[] = [];
  const borders = {first: '', last: ''};
  const i420 = await I420.create(film.size);
  await film.seek(start);
  const began = performance.now();
  let reported = began;
  let waited = 0;
  const ends: Promise<number>[] = [];
  for (const segment of segmentRanges(segments, start)) {
    const encoder = openEncoder();
    for (let frame = segment.start; frame < segment.end; frame++) {
      if (frame > start) await film.step();
      await film.draw();
      const pixels = await readCanvas(film.stage.finalBuffer, i420);
      if (frameHashes) hashes.push(await sha256(pixels));
      if (frame === start) borders.first = borderOf(pixels, film.size);
      if (frame === end - 1) borders.last = borderOf(pixels, film.size);
      const drawn = performance.now();
      await encoder.add(pixels, frame - segment.start);
      waited += performance.now() - drawn;
      if (performance.now() - reported > REPORT_EVERY) {
        reported = performance.now();
        onFrames(frame - start + 1);
      }
    }
    ends.push(encoder.finish());
    // The next segment is drawn meanwhile. A failure is thrown below, and must not count as unhandled until then.
    ends.at(-1)?.catch(() => {});
  }
  const last = performance.now();
  const frames = (await Promise.all(ends)).reduce((sum, count) => sum + count, 0);
  const ended = performance.now();
  waited += ended - last;
  onFrames(frames);
  const seconds = {drawing: (ended - began - waited) / 1000, encoding: waited / 1000};
  return {frames, hashes, borders, seconds};
}

/** Opens an encoder for each segment, one after the other. Their bytes leave in the order of the segments. */
function encoders(
  {size, fps}: Film,
  {output, encode}: Pick<DrawRequest, 'output' | 'encode'>,
): () => FrameEncoder {
  let before: Promise<unknown> = Promise.resolve();
  let segment = 0;
  return () => {
    const outbox = new Outbox(`${output}?segment=${segment++}`, before);
    before = outbox.closed;
    const picture = {...size, fps, outbox};
    return encode ? new BrowserEncoding(picture) : new Y4m(picture);
  };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
