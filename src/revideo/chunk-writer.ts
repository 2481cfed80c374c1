import {createWriteStream} from 'node:fs';
import {PassThrough, type Writable} from 'node:stream';
import {finished} from 'node:stream/promises';
import {findFfmpeg, runFfmpeg} from '../ffmpeg.ts';
import type {Encoder} from '../quality.ts';

/** Takes what the page sends of a chunk, and leaves its file. */
export interface ChunkWriter {
  input: Writable;
  /** To be called after the last byte. Rejects with `FfmpegFailed` or what the file system says. */
  finish(): Promise<void>;
  /** To be called when no more bytes come. Returns why, if the reason is the writer's own. */
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
    return writer(file, {done: finished(file), stop: () => file.destroy()});
  }
  const ffmpeg = await findFfmpeg();
  const input = new PassThrough();
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const {preset, rateFactor} = encoder;
  const args = [
    ...['-f', 'yuv4mpegpipe', '-color_range', 'tv', '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(rateFactor)],
    // Chunks are joined without timestamps: no reordered frames. Lookahead is held in memory, frame by frame.
    ...['-bf', '0', '-rc-lookahead', '20', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
    ...['-pix_fmt', 'yuv420p', '-color_range', 'tv', '-colorspace', 'bt709'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-f', 'h264', path],
  ];
  const done = runFfmpeg(args, {ffmpeg, input, signal: stop, what: 'encoding a chunk'});
  // Whoever waits to write to it must hear that nobody reads any more.
  done.catch((error) => input.destroy(error));
  return writer(input, {done, stop: () => stopping.abort()});
}

function writer(input: Writable, {done, stop}: {done: Promise<void>; stop: () => void}): ChunkWriter {
  done.catch(() => {});
  return {
    input,
    async finish() {
      input.end();
      await done;
    },
    async abandon() {
      const failedItself = input.destroyed;
      stop();
      const failure = await done.then(
        () => undefined,
        (error: Error) => error,
      );
      return failedItself ? failure : undefined;
    },
  };
}
