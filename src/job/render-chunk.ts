import {RenderError, toPayload, toRenderError} from '../base/errors.ts';
import {stopwatch} from '../base/stopwatch.ts';
import {cleanWarnings} from '../base/warnings.ts';
import {within} from '../base/within.ts';
import {withWorkDirectory} from '../base/work-directory.ts';
import {usageSince} from '../cost/storage-usage.ts';
import type {PartialRender} from '../model/event.ts';
import {contentHash, failureKey} from '../model/keys.ts';
import {type Chunk, planChunks} from '../model/plan.ts';
import {ENCODINGS} from '../model/quality.ts';
import type {PartialResult} from '../model/result.ts';
import type {SegmentFile} from '../model/segment-file.ts';
import {segmentRanges} from '../model/segments.ts';
import type {EngineUsage} from '../model/usage.ts';
import type {Renderer} from '../renderers/renderer.ts';
import {putRecord} from '../storage/record.ts';
import type {Storage} from '../storage/storage.ts';
import {drawSegments} from './chunks/draw-segments.ts';
import {reportFrames} from './chunks/frames-drawn.ts';
import {PackUploads} from './chunks/pack-uploads.ts';
import {putPack} from './chunks/put-pack.ts';
import {DrawnElsewhere, stillWanted} from './chunks/still-wanted.ts';
import {readVariables} from './variables.ts';

/** The tools of a worker. */
export interface ChunkTools {
  renderer: Renderer;
  storage: Storage;
}

interface ChunkOptions {
  signal: AbortSignal;
  onFrames?: ((drawn: number) => void) | undefined;
  /** The worker's usage so far; left out where nothing is billed. */
  own?: (() => EngineUsage) | undefined;
}

/**
 * The work of one worker: draws segments, checks them, and stores them for the orchestrator while it goes on. It stops if
 * other attempts have drawn the rest, or if its run is over.
 *
 * @throws the errors of the renderer and the storage, `ChunkMismatch`, `ProjectChanged`, `Aborted`, or `BadEvent` for a
 * worker that gets no chunk.
 */
export async function renderChunk(
  event: PartialRender,
  tools: ChunkTools,
  options: ChunkOptions,
): Promise<PartialResult> {
  const clock = stopwatch();
  const {jobId, workerId, frameHashes, quality} = event;
  const {renderer, storage} = tools;
  const used = usageSince(storage);
  let drawn = 0;
  return withWorkDirectory(async (directory) => {
    const variables = await readVariables(event, {storage, ...options});
    const contentNow = async (anew: boolean) => {
      const fingerprint = await renderer.fingerprint({signal: options.signal, anew});
      return contentHash({fingerprint, variables, encoding: ENCODINGS[quality], frameHashes});
    };
    const opened = await contentNow(false);
    // If another content is requested, the project may have been edited since this worker's last chunk.
    const isOther = !event.chunk || event.chunk.content !== opened;
    const content = isOther ? await contentNow(true) : opened;
    const chunk = event.chunk ?? {
      ...(await askProject({...event, variables}, {renderer, ...options, directory})),
      content,
    };
    const over = new AbortController();
    const draw = event.chunk?.draw ?? {start: chunk.start, end: chunk.end};
    const beside = AbortSignal.any([options.signal, over.signal]);
    const wanted = stillWanted({storage, jobId, chunk, draw, signal: beside});
    // `over` makes it fire in the end. A signal that never fires keeps its listeners forever.
    const signal = AbortSignal.any([options.signal, wanted.signal, over.signal]);
    let reporting: Promise<void> | undefined;
    if (event.chunk?.tellEvery) {
      const how = {jobId, every: event.chunk.tellEvery, storage, signal};
      reporting = reportFrames(how, {chunk: event.chunk, drawn: () => drawn});
    }
    const {segments} = chunk;
    const put = (files: readonly SegmentFile[], within: AbortSignal) =>
      putPack(files, {content, directory, jobId, own: options.own, storage, signal: within});
    const uploads = new PackUploads(event.chunk?.storeEvery ?? Infinity, (files) => put(files, signal));
    const before = draw.start - chunk.start;
    const onFrames = (frames: number) => {
      drawn = before + frames;
      options.onFrames?.(drawn);
    };
    try {
      // An orchestrator of an earlier version cuts films by another rule.
      if (chunk.content !== content || !segments) throw projectChanged(jobId);
      const lengths = segmentRanges(segments, chunk.start)
        .filter((one) => draw.start <= one.start && one.end <= draw.end)
        .map((one) => one.end - one.start);
      const order = {...draw, segments: lengths, variables, frameHashes, encoding: ENCODINGS[quality]};
      const began = clock.total();
      const {end, encoding, warnings, ...said} = await drawSegments(
        order,
        {renderer, add: (segment) => uploads.add(segment), until: wanted.until},
        {onFrames, directory, signal},
      );
      const rendered = clock.total();
      const packs = await uploads.finish();
      const storing = clock.total() - rendered;
      const drawing = said.drawing || rendered - began - encoding;
      const opening = Math.max(0, rendered - drawing - encoding);
      const clean = cleanWarnings(warnings);
      return {
        jobId,
        workerId,
        start: draw.start,
        end,
        frames: end - draw.start,
        packs,
        bytes: packs.reduce((sum, {bytes}) => sum + bytes, 0),
        reused: false,
        seconds: clock.total(),
        spent: {opening, drawing, encoding, storing},
        used: used(),
        ...(clean.length > 0 && {warnings: clean}),
      };
    } catch (error) {
      if (wanted.signal.reason instanceof DrawnElsewhere) {
        const nothing = {start: draw.start, end: draw.start, frames: 0, packs: [], bytes: 0};
        return {jobId, workerId, ...nothing, reused: true, seconds: clock.total(), used: used()};
      }
      // The next attempt draws only what is not stored.
      const salvaging = !wanted.signal.aborted && uploads.salvage((files) => put(files, within(LAST_WORDS)));
      const keeping = event.chunk && keepReason(error, {jobId, chunk: event.chunk, storage});
      await Promise.all([salvaging, keeping]);
      throw error;
    } finally {
      over.abort();
      await Promise.all([reporting, uploads.settled()]);
    }
  });
}

const projectChanged = (jobId: string): RenderError =>
  new RenderError(
    'ProjectChanged',
    `Job ${jobId} started with another project or other variables than this worker has. The function was updated meanwhile, or a file of the project was edited. Send the event again to render the project as it is now.`,
  );

/** Milliseconds that a stopped worker may take to record why it failed. */
const LAST_WORDS = 2_000;

/**
 * Records why no attempt can render a chunk. The orchestrator may have handed the job over meanwhile, and the
 * next one would try in vain.
 */
async function keepReason(
  thrown: unknown,
  {jobId, chunk, storage}: {jobId: string; chunk: NonNullable<PartialRender['chunk']>; storage: Storage},
): Promise<void> {
  const error = toRenderError(thrown);
  if (error.retryable || error.name === 'Aborted') return;
  // The caller gets the error in any case.
  await putRecord(failureKey(jobId, chunk), toPayload(error), {storage, signal: within(LAST_WORDS)}).catch(
    () => {},
  );
}

/** The chunk of an event that names a worker and no frames, cut as the orchestrator would. */
async function askProject(
  {workerId, numWorkers, variables}: PartialRender,
  {renderer, directory, signal}: Pick<ChunkTools, 'renderer'> & {directory: string; signal: AbortSignal},
): Promise<Chunk> {
  const {segments} = await renderer.plan(variables, {directory, signal});
  const chunk = planChunks(segments, numWorkers)[workerId];
  if (chunk) return chunk;
  throw new RenderError(
    'BadEvent',
    `The event cannot be used. workerId is ${workerId}; the film has ${segments.length} segments, so it must be a whole number from 0 to ${segments.length - 1}.`,
  );
}
