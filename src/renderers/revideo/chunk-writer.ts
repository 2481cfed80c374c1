import {createReadStream, createWriteStream} from 'node:fs';
import {rm} from 'node:fs/promises';
import {PassThrough, type Writable} from 'node:stream';
import {finished, pipeline} from 'node:stream/promises';
import {diskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {findFfmpeg, runFfmpeg} from '../../media/ffmpeg.ts';
import type {Encoding, X264Settings} from '../../model/encoding.ts';

/** Takes what the page sends of a chunk, segment by segment, and leaves its file. */
export interface ChunkWriter {
  /** Takes the bytes of segment `index`, 0 for the first. It ends the segment before. */
  input(index: number): Writable;
  /** To be called after the last byte. Rejects with `FfmpegFailed` or `DiskFailed`. */
  finish(): Promise<void>;
  /** Call it when no more bytes come. Returns why, if the reason is the writer's own. */
  abandon(): Promise<Error | undefined>;
}

/** Where a chunk goes. */
interface ChunkTarget {
  path: string;
  encoding: Encoding;
  signal: AbortSignal;
}

/** Opens the file of a chunk: written as it comes from the browser's encoder, or through an x264 for each segment. */
export async function openChunk({path, encoding, signal}: ChunkTarget): Promise<ChunkWriter> {
  if (encoding.backend === 'browser') {
    const file = createWriteStream(path);
    const sink: Sink = {input: file, done: finished(file), stop: () => file.destroy()};
    // finish() and abandon() report it; the disk may fail before the first byte.
    sink.done.catch(() => {});
    return writer(() => sink, path);
  }
  const ffmpeg = await findFfmpeg();
  /** The file has all segments before. */
  let written: Promise<void> = Promise.resolve();
  const open = (index: number): Sink => {
    const segment = `${path}.${index}.h264`;
    const {done: encoded, ...sink} = openX264(segment, {settings: encoding.settings, ffmpeg, signal});
    const before = written;
    written = Promise.all([encoded, before]).then(async () => {
      await pipeline(createReadStream(segment), createWriteStream(path, {flags: 'a'}));
      await rm(segment);
    });
    written.catch(() => {});
    return {...sink, done: written};
  };
  await rm(path, {force: true});
  return writer(open, path);
}

/** Takes the bytes of one segment. */
interface Sink {
  input: Writable;
  /** Its bytes are in the chunk's file. */
  done: Promise<void>;
  stop(reason?: Error): void;
}

/** Starts an x264 for one segment, whose first frame is its only keyframe. */
function openX264(
  path: string,
  {settings, ffmpeg, signal}: {settings: X264Settings; ffmpeg: string; signal: AbortSignal},
): Sink {
  const input = new PassThrough();
  // finish() and abandon() report errors.
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

/** Opens a sink for each segment; one that fails ends the chunk. */
function writer(open: (index: number) => Sink, path: string): ChunkWriter {
  const sinks: Sink[] = [];
  const current = () => sinks.at(-1);
  let at = -1;
  const next = (index: number): Sink => {
    const before = current();
    if (before && index === at) return before;
    const sink = open(index);
    at = index;
    if (sink === before) return sink;
    before?.input.end();
    sink.done.catch(() => {});
    sinks.push(sink);
    return sink;
  };
  const end = async () => {
    const late = setTimeout(() => {
      for (const {stop} of sinks)
        stop(new RenderError('FfmpegKilled', `The encoder did not end within ${LAST_SECONDS} s.`));
    }, LAST_SECONDS * 1000);
    try {
      await Promise.all(sinks.map(({done}) => done));
    } catch (error) {
      // The others must have ended before their files are removed.
      for (const {stop} of sinks) stop();
      await Promise.allSettled(sinks.map(({done}) => done));
      throw diskError(error, path);
    } finally {
      clearTimeout(late);
    }
  };
  return {
    input: (index) => next(index).input,
    finish() {
      current()?.input.end();
      return end();
    },
    async abandon() {
      const failedItself = sinks.some(({input}) => input.destroyed && !input.writableFinished);
      // One that failed itself is about to say why.
      if (!failedItself) for (const {stop} of sinks) stop();
      const failure = await end().then(
        () => new RenderError('FfmpegFailed', 'The encoder ended before the last frame.'),
        (error: Error) => error,
      );
      return failedItself ? failure : undefined;
    },
  };
}
