import {createWriteStream} from 'node:fs';
import {PassThrough, type Writable} from 'node:stream';
import {finished} from 'node:stream/promises';
import {diskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {findFfmpeg, runFfmpeg} from '../../media/ffmpeg.ts';
import type {Encoder} from '../../model/quality.ts';

/** Takes what the page sends of a chunk, and leaves its file. */
export interface ChunkWriter {
  input: Writable;
  /** To be called after the last byte. Rejects with `FfmpegFailed` or `DiskFailed`. */
  finish(): Promise<void>;
  /** Call it when no more bytes come. Returns why, if the reason is the writer's own. */
  abandon(): Promise<Error | undefined>;
}

/** Where a chunk goes. */
interface ChunkTarget {
  path: string;
  encoder: Encoder;
  signal: AbortSignal;
}

/** Opens the file of a chunk: written as it comes from the browser's encoder, or through x264. */
export async function openChunk({path, encoder, signal}: ChunkTarget): Promise<ChunkWriter> {
  if (encoder.name === 'browser') {
    const file = createWriteStream(path);
    return writer(file, {path, done: finished(file), stop: () => file.destroy()});
  }
  const ffmpeg = await findFfmpeg();
  const input = new PassThrough();
  // finish() and abandon() report errors.
  input.on('error', () => {});
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const {preset, rateFactor} = encoder;
  const args = [
    ...['-f', 'yuv4mpegpipe', '-color_range', 'tv', '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(rateFactor)],
    // A keyframe is the worst of its neighbours unless it is given more: seen as a jump, most at a chunk's start.
    ...['-x264-params', 'ipratio=2'],
    // Chunks are joined without timestamps: no reordered frames. Lookahead is held in memory, frame by frame.
    // MB-tree spends bits on content that later frames show again, and knows no frames behind a chunk's end:
    // a step at every border.
    ...['-bf', '0', '-rc-lookahead', '20', '-mbtree', '0', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
    ...['-pix_fmt', 'yuv420p', '-color_range', 'tv', '-colorspace', 'bt709'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-f', 'h264', path],
  ];
  // No time limit of its own: it lives as long as the drawing, which is watched.
  const done = runFfmpeg(args, {ffmpeg, input, signal: stop, timeoutMs: 0, what: 'encoding a chunk'});
  // The code that waits to write must notice that the reader has stopped.
  done.catch((error) => input.destroy(error));
  return writer(input, {path, done, stop: (reason) => stopping.abort(reason)});
}

/** Seconds in which an encoder is done with what it has been given, and in which one that fails has ended. */
const LAST_SECONDS = 120;

function writer(
  input: Writable,
  {path, done, stop}: {path: string; done: Promise<void>; stop: (reason?: Error) => void},
): ChunkWriter {
  const ended = done.catch((error) => {
    throw diskError(error, path);
  });
  ended.catch(() => {});
  const end = async () => {
    const late = setTimeout(() => {
      stop(new RenderError('FfmpegKilled', `The encoder did not end within ${LAST_SECONDS} s.`));
    }, LAST_SECONDS * 1000);
    await ended.finally(() => clearTimeout(late));
  };
  return {
    input,
    finish() {
      input.end();
      return end();
    },
    async abandon() {
      const failedItself = input.destroyed;
      // One that failed itself is about to say why.
      if (!failedItself) stop();
      const failure = await end().then(
        () => new RenderError('FfmpegFailed', 'The encoder ended before the last frame.'),
        (error: Error) => error,
      );
      return failedItself ? failure : undefined;
    },
  };
}
