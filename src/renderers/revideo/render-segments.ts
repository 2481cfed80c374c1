import {join} from 'node:path';
import {z} from 'zod';
import {AsyncQueue} from '../../base/async-queue.ts';
import {RenderError} from '../../base/errors.ts';
import {MAX_PIXELS} from '../../base/media-limits.ts';
import {mp4} from '../../media/formats/formats.ts';
import {browserH264} from '../../model/encoding.ts';
import type {SegmentFile} from '../../model/segment-file.ts';
import {segmentRanges} from '../../model/segments.ts';
import type {RenderOptions, SegmentOrder} from '../renderer.ts';
import type {Bundle} from './built.ts';
import type {MediaServer} from './media-server.ts';
import {openSegments} from './segment-writer.ts';
import type {Session} from './session.ts';

/** A built project, and what draws it. */
export interface Opened {
  bundle: Bundle;
  server: MediaServer;
  session: Session;
}

/**
 * Bytes of a drawn frame at most, as it is sent by a page: 4:2:0, with its header. An encoded frame has
 * fewer.
 */
const FRAME_BYTES = MAX_PIXELS * 1.5 + 1_000;

/** The words of a page about a finished segment. The page runs the project's code, so they are checked. */
const Reported = z.object({
  index: z.int().min(0),
  frames: z.int().min(1),
  hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  borders: z.object({first: z.base64(), last: z.base64()}),
  seconds: z.object({drawing: z.number(), encoding: z.number()}),
  reader: z.string(),
  warnings: z.array(z.string()),
});

/** The means of drawing segments. */
interface DrawOptions extends RenderOptions {
  onFrames?: ((drawn: number) => void) | undefined;
  open: () => Promise<Opened>;
  mediaTimeout: number;
  maxFrames: number;
}

/** Draws segments in one document, and gives each when it is encoded. See `Renderer.render`. */
export async function* renderSegments(
  {
    start,
    end,
    segments = [end - start],
    variables,
    frameHashes = false,
    encoding = browserH264,
  }: SegmentOrder,
  {directory, signal: stopped, onFrames, open, mediaTimeout, maxFrames}: DrawOptions,
): AsyncGenerator<SegmentFile> {
  const {server, session} = await open();
  const left = new AbortController();
  const signal = AbortSignal.any([stopped, left.signal]);
  const ranges = segmentRanges(segments, start);
  const nameOf = ({start, end}: {start: number; end: number}) => `${start}-${end}.${mp4.chunkExtension}`;
  const path = (index: number) => join(directory, nameOf(ranges[index] ?? {start, end}));
  const writer = await openSegments({path, encoding, signal});
  const output = server.receive(
    (segment) => writer.input(segment),
    (end - start + segments.length) * FRAME_BYTES,
  );
  const missing = new Set<string>();
  /** The segments that are done, for the caller. */
  const done = new AsyncQueue<SegmentFile>();
  let before: Promise<void> = Promise.resolve();
  let count = 0;

  const finish = async (said: unknown) => {
    const {index, reader, hashes, warnings, ...facts} = Reported.parse(said);
    const range = ranges[index];
    if (!range || index !== count++)
      throw new RenderError('Internal', `The page reported segment ${index + 1} out of turn.`);
    const file = await writer.end(index);
    const all = [...new Set([...warnings, ...missing])];
    const segment: SegmentFile = {
      ...range,
      path: file,
      ...facts,
      media: await server.seenBy(reader),
      ...(frameHashes && {hashes}),
      ...(all.length > 0 && {warnings: all}),
    };
    done.push(segment);
  };
  const onSegment = (said: unknown) => {
    before = before.then(() => finish(said));
    // The end of the work reports it.
    before.catch(() => left.abort());
  };
  const encode = encoding.backend === 'browser';
  const request = {
    variables,
    mediaTimeout,
    maxFrames,
    start,
    end,
    segments,
    frameHashes,
    encode,
    output: output.path,
  };
  const work = session
    .run({
      signal,
      given: variables,
      onFrames,
      onSegment,
      onWarning: (message) => missing.add(message),
      work: (page) => page.evaluate((request) => window.revideoLambda.render(request), request),
    })
    .then(
      async () => {
        await before;
        if (count < ranges.length)
          throw new RenderError('ChunkMismatch', `The page drew ${count} of ${ranges.length} segments.`);
        done.end();
      },
      async (error) => {
        // An earlier failure here stopped the page, and the writer knows better than the page why bytes were not taken.
        const own = await before.then(
          () => undefined,
          (error) => error,
        );
        throw own ?? (await writer.abandon()) ?? error;
      },
    )
    .catch((error) => done.fail(error));
  try {
    yield* done;
  } finally {
    left.abort(new RenderError('Aborted', 'The segments are not needed any more.'));
    await work;
    await writer.abandon();
    output.stop();
  }
}
