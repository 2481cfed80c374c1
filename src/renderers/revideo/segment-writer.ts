import {createWriteStream} from 'node:fs';
import {PassThrough, type Writable} from 'node:stream';
import {finished} from 'node:stream/promises';
import {diskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {findFfmpeg, runFfmpeg} from '../../media/ffmpeg.ts';
import type {Encoding, X264Settings} from '../../model/encoding.ts';

/** Takes the segments that the page sends, one after the other, and leaves a file of each. */
export interface SegmentWriter {
  /** Takes the bytes of segment `index`, 0 for the first. It ends the segment before. */
  input(index: number): Writable;
  /** Waits until a segment's file is whole; to be called after its last byte. Rejects with `FfmpegFailed` or `DiskFailed`. */
  end(index: number): Promise<string>;
  /** Call it when no more bytes come. Returns why, if the reason is the writer's own. */
  abandon(): Promise<Error | undefined>;
}

/** Where segments go. */
interface SegmentTarget {
  /** The path of a segment's file. */
  path: (index: number) => string;
  encoding: Encoding;
  signal: AbortSignal;
}

/** Opens files for segments: written as they come from the browser's encoder, or through an x264 for each. */
export async function openSegments({path, encoding, signal}: SegmentTarget): Promise<SegmentWriter> {
  if (encoding.backend === 'browser') {
    return writer((index) => {
      const input = createWriteStream(path(index));
      return {input, path: path(index), done: finished(input), stop: () => input.destroy()};
    });
  }
  const ffmpeg = await findFfmpeg();
  return writer((index) => ({
    path: path(index),
    ...openX264(path(index), {settings: encoding.settings, ffmpeg, signal}),
  }));
}

/** Takes the bytes of one segment. */
interface Sink {
  input: Writable;
  path: string;
  /** Its file is whole. */
  done: Promise<void>;
  stop(reason?: Error): void;
}

/** Starts an x264 for one segment, whose first frame is its only keyframe. */
function openX264(
  path: string,
  {settings, ffmpeg, signal}: {settings: X264Settings; ffmpeg: string; signal: AbortSignal},
): Omit<Sink, 'path'> {
  const input = new PassThrough();
  // end() and abandon() report errors.
  input.on('error', () => {});
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const {preset, rateFactor, keyframeRatio, lookahead, threads} = settings;
  const args = [
    ...['-f', 'yuv4mpegpipe', '-color_range', 'tv', '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(rateFactor), '-threads', String(threads)],
    // The same bytes from any processor; and no keyframe but the first, also where the picture changes.
    ...['-x264-params', `ipratio=${keyframeRatio}:cpu-independent=1:keyint=infinite:scenecut=0`],
    // Chunks are joined without timestamps: no reordered frames. MB-tree spends bits on content that later frames
    // show again, and knows no frames behind a segment's end: a step at every border.
    ...['-bf', '0', '-rc-lookahead', String(lookahead), '-mbtree', '0'],
    ...['-pix_fmt', 'yuv420p', '-color_range', 'tv', '-colorspace', 'bt709'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-f', 'h264', path],
  ];
  // No time limit of its own: it lives as long as the drawing, which is watched.
  const done = runFfmpeg(args, {ffmpeg, input, signal: stop, timeoutMs: 0, what: 'encoding a chunk'});
  // The code that waits to write must notice that the reader has stopped.
  done.catch((error) => input.destroy(error));
  return {input, done, stop: (reason) => stopping.abort(reason)};
}

/** Seconds in which an encoder is done with what it has been given, and in which one that fails has ended. */
const LAST_SECONDS = 120;

/** Opens a sink for each segment. */
function writer(open: (index: number) => Sink): SegmentWriter {
  const sinks = new Map<number, Sink>();
  const endInput = ({input}: Sink) => {
    if (!input.writableEnded) input.end();
  };
  const whole = async ({done, stop, path}: Sink): Promise<void> => {
    const late = setTimeout(() => {
      stop(new RenderError('FfmpegKilled', `The encoder did not end within ${LAST_SECONDS} s.`));
    }, LAST_SECONDS * 1000);
    try {
      await done;
    } catch (error) {
      throw diskError(error, path);
    } finally {
      clearTimeout(late);
    }
  };
  return {
    input(index) {
      const there = sinks.get(index);
      if (there) return there.input;
      for (const sink of sinks.values()) endInput(sink);
      const sink = open(index);
      // end() and abandon() report it; the disk may fail before the first byte.
      sink.done.catch(() => {});
      sinks.set(index, sink);
      return sink.input;
    },
    async end(index) {
      const sink = sinks.get(index);
      if (!sink) throw new RenderError('ChunkMismatch', `No byte of segment ${index + 1} has arrived.`);
      endInput(sink);
      await whole(sink);
      sinks.delete(index);
      return sink.path;
    },
    async abandon() {
      const all = [...sinks.values()];
      const failedItself = all.some(({input}) => input.destroyed && !input.writableFinished);
      // One that failed itself is about to say why.
      if (!failedItself) for (const {stop} of all) stop();
      const failure = await Promise.all(all.map(whole)).then(
        () => new RenderError('FfmpegFailed', 'The encoder ended before the last frame.'),
        (error: Error) => error,
      );
      // The others must have ended before their files are removed.
      for (const {stop} of all) stop();
      await Promise.allSettled(all.map(({done}) => done));
      return failedItself ? failure : undefined;
    },
  };
}
