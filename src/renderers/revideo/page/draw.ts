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
  /** Gets each segment, in order, when all its bytes have arrived. */
  onSegment: (segment: DrawnSegment) => Promise<void>;
}

/** A segment as the page has drawn it: see `SegmentFile`. */
export interface DrawnSegment {
  /** 0 for the first of the request. */
  index: number;
  frames: number;
  hashes: string[];
  borders: {first: string; last: string};
  seconds: {drawing: number; encoding: number};
}

/** Draws and encodes segments. Resolves when each was handed on. */
export async function drawSegments(
  film: Film,
  {start, end, segments, output, encode, frameHashes, onFrames, onSegment}: DrawRequest,
): Promise<void> {
  if (end > film.frames) {
    throw new Error(`Frame ${end - 1} was asked for, but the film has ${film.frames} frames.`);
  }
  const openEncoder = encoders(film, {output, encode});
  const i420 = await I420.create(film.size);
  await film.seek(start);
  let reported = performance.now();
  let handedOn: Promise<void> = Promise.resolve();
  let failed = false;
  for (const [index, segment] of segmentRanges(segments, start).entries()) {
    const encoder = openEncoder();
    const hashes: string[] = [];
    const borders = {first: '', last: ''};
    const began = performance.now();
    let encoding = 0;
    for (let frame = segment.start; frame < segment.end; frame++) {
      if (failed) await handedOn;
      if (frame > start) await film.step();
      await film.draw();
      const pixels = await readCanvas(film.stage.finalBuffer, i420);
      if (frameHashes) hashes.push(await sha256(pixels));
      if (frame === segment.start) borders.first = borderOf(pixels, film.size);
      if (frame === segment.end - 1) borders.last = borderOf(pixels, film.size);
      const drawn = performance.now();
      await encoder.add(pixels, frame - segment.start);
      encoding += performance.now() - drawn;
      if (performance.now() - reported > REPORT_EVERY) {
        reported = performance.now();
        onFrames(frame - start + 1);
      }
    }
    const drawn = performance.now();
    const drawing = drawn - began - encoding;
    // The next segment is drawn meanwhile. After the last one, the page only waits for the encoder.
    const before = handedOn;
    handedOn = encoder.finish().then(async (frames) => {
      const waited = segment.end === end ? performance.now() - drawn : 0;
      await before;
      const seconds = {drawing: drawing / 1000, encoding: (encoding + waited) / 1000};
      await onSegment({index, frames, hashes, borders, seconds});
    });
    // A failure is thrown at the next frame, and must not count as unhandled until then.
    handedOn.catch(() => {
      failed = true;
    });
  }
  await handedOn;
  onFrames(end - start);
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
