import {RenderError, toPayload, toRenderError} from '../base/errors.ts';
import {stopwatch} from '../base/stopwatch.ts';
import {within} from '../base/within.ts';
import {withWorkDirectory} from '../base/work-directory.ts';
import {usageSince} from '../cost/storage-usage.ts';
import type {PartialRender} from '../model/event.ts';
import {contentHash, failureKey} from '../model/keys.ts';
import {type Chunk, planChunks} from '../model/plan.ts';
import {ENCODINGS} from '../model/quality.ts';
import type {PartialResult, Spent} from '../model/result.ts';
import type {EngineUsage} from '../model/usage.ts';
import type {ChunkRequest, Renderer} from '../renderers/renderer.ts';
import {putRecord} from '../storage/record.ts';
import type {Storage} from '../storage/storage.ts';
import {type ChunkRecord, findChunk, putChunk} from './chunks/chunk-store.ts';
import {reportFrames} from './chunks/frames-drawn.ts';
import {DrawnElsewhere, whenUnwanted} from './chunks/when-unwanted.ts';
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
 * The work of one worker: draws a chunk, checks it, and stores it for the orchestrator. It stops if another attempt has
 * stored the chunk, or if its run is over.
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
  const onFrames = (frames: number) => {
    drawn = frames;
    options.onFrames?.(frames);
  };
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
    const unwanted = whenUnwanted({
      storage,
      jobId,
      chunk,
      signal: AbortSignal.any([options.signal, over.signal]),
    });
    // `over` makes it fire in the end. A signal that never fires keeps its listeners forever.
    const signal = AbortSignal.any([options.signal, unwanted, over.signal]);
    let reporting: Promise<void> | undefined;
    if (event.chunk?.tellEvery) {
      const how = {jobId, every: event.chunk.tellEvery, storage, signal};
      reporting = reportFrames(how, {chunk: event.chunk, drawn: () => drawn});
    }
    const draw = async (): Promise<{record: ChunkRecord; reused: boolean; spent?: Spent}> => {
      const {start, end, segments} = chunk;
      // An orchestrator of an earlier version cuts films by another rule.
      if (chunk.content !== content || !segments) throw projectChanged(jobId);
      const request: ChunkRequest = {
        start,
        end,
        segments,
        variables,
        frameHashes,
        encoding: ENCODINGS[quality],
      };
      const before = clock.total();
      const file = await renderer.renderChunk(request, {onFrames, directory, signal});
      const rendered = clock.total();
      if (file.frames !== end - start) {
        throw new RenderError(
          'ChunkMismatch',
          `Frames ${start} to ${end - 1} were asked for, ${end - start} in all; ${file.frames} were drawn.`,
        );
      }
      const {own} = options;
      const record = await putChunk(chunk, file, {storage, signal, jobId, own});
      const {drawing, encoding} = file.seconds ?? {drawing: rendered - before, encoding: 0};
      const opening = Math.max(0, rendered - drawing - encoding);
      return {record, reused: false, spent: {opening, drawing, encoding, storing: clock.total() - rendered}};
    };
    try {
      const {record, reused, spent} = await draw().catch(async (error) => {
        const isThere = unwanted.reason instanceof DrawnElsewhere;
        const record = isThere ? await findChunk(chunk, {...options, storage}) : undefined;
        if (!record) throw error;
        return {record, reused: true, spent: undefined};
      });
      const {start, end, frames, key, bytes, warnings} = record;
      const stored = {jobId, workerId, start, end, frames, key, bytes, reused, ...(warnings && {warnings})};
      return {...stored, seconds: clock.total(), ...(spent && {spent}), used: used()};
    } catch (error) {
      if (event.chunk) await keepReason(error, {jobId, chunk: event.chunk, storage});
      throw error;
    } finally {
      over.abort();
      await reporting;
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
