import {findChunk, putChunk} from './chunk-store.ts';
import {RenderError, toPayload, toRenderError} from './errors.ts';
import type {PartialRender, PartialResult} from './event.ts';
import {contentHash, runKey} from './keys.ts';
import {NobodyWaits, nobodyWaits} from './nobody-waits.ts';
import {planChunks} from './plan.ts';
import {ENCODERS} from './quality.ts';
import type {ChunkRequest, Renderer} from './renderer.ts';
import {stopwatch} from './stopwatch.ts';
import {putJson} from './storage/json.ts';
import type {Storage} from './storage/storage.ts';
import {readVariables} from './variables.ts';
import {withWorkDirectory} from './work-directory.ts';

/** What a worker needs. */
export interface ChunkTools {
  renderer: Renderer;
  storage: Storage;
}

interface ChunkOptions {
  signal: AbortSignal;
  onFrames?: (drawn: number) => void;
}

/**
 * The way of one chunk: draw it, see that it is whole, put it where the orchestrator finds it; unless somebody else has,
 * or nobody wants it any more.
 *
 * @throws what the renderer or the storage throw, `ChunkMismatch`, `Aborted`, `BadEvent` for a worker without a chunk.
 */
export async function renderChunk(
  event: PartialRender,
  tools: ChunkTools,
  options: ChunkOptions,
): Promise<PartialResult> {
  const clock = stopwatch();
  const {jobId, workerId} = event;
  const {storage} = tools;
  return withWorkDirectory(async (directory) => {
    const variables = await readVariables(event, {storage, ...options});
    const chunk = event.chunk ?? (await askProject({...event, variables}, {...tools, ...options, directory}));
    const over = new AbortController();
    const unwanted = nobodyWaits({
      storage,
      jobId,
      chunk,
      signal: AbortSignal.any([options.signal, over.signal]),
    });
    const signal = AbortSignal.any([options.signal, unwanted]);
    const draw = async () => {
      const {start, end} = chunk;
      const {frameHashes, quality} = event;
      const request: ChunkRequest = {start, end, variables, frameHashes, encoder: ENCODERS[quality]};
      const file = await tools.renderer.renderChunk(request, {...options, directory, signal});
      if (file.frames !== end - start) {
        throw new RenderError(
          'ChunkMismatch',
          `Frames ${start} to ${end - 1} were asked for, ${end - start} in all; ${file.frames} were drawn.`,
        );
      }
      return putChunk(chunk, file, {storage, signal});
    };
    try {
      const {record, reused} = await draw().then(
        (record) => ({record, reused: false}),
        async (error) => {
          const isThere = unwanted.reason instanceof NobodyWaits && unwanted.reason.isThere;
          const record = isThere ? await findChunk(chunk, {...options, storage}) : undefined;
          if (!record) throw error;
          return {record, reused: true};
        },
      );
      const {start, end, frames, key, bytes} = record;
      return {jobId, workerId, start, end, frames, key, bytes, reused, seconds: clock.total()};
    } catch (error) {
      await keepReason(error, {...chunk, jobId, storage});
      throw error;
    } finally {
      over.abort();
    }
  });
}

/** Milliseconds that a worker whose time is over may still take to say why. */
const LAST_WORDS = 2_000;

/**
 * Keeps why no try can draw a chunk: its orchestrator may have handed the job over meanwhile, and whoever goes on with it
 * would try in vain.
 */
async function keepReason(
  thrown: unknown,
  {
    jobId,
    run,
    start,
    end,
    storage,
  }: {jobId: string; run: number; start: number; end: number; storage: Storage},
): Promise<void> {
  const error = toRenderError(thrown);
  if (error.retryable || error.name === 'Aborted') return;
  const key = runKey(jobId, run, `failed-${start}-${end}`);
  const signal = AbortSignal.timeout(LAST_WORDS);
  // Who asked is told in any case.
  await putJson(key, toPayload(error), {storage, signal}).catch(() => {});
}

/** A person's event names a worker, not frames: cut the film as the orchestrator would. */
async function askProject(
  {workerId, numWorkers, variables, quality, frameHashes}: PartialRender,
  {renderer, directory, signal}: ChunkTools & {directory: string; signal: AbortSignal},
): Promise<{start: number; end: number; content: string; run: number}> {
  const {frames} = await renderer.plan(variables, {directory, signal});
  const chunk = planChunks(frames, numWorkers)[workerId];
  if (!chunk) {
    throw new RenderError(
      'BadEvent',
      `The event cannot be used. workerId is ${workerId}; the film has ${frames} frames, so it must be a whole number from 0 to ${frames - 1}.`,
    );
  }
  const fingerprint = await renderer.fingerprint({signal});
  const encoder = ENCODERS[quality];
  return {...chunk, run: 1, content: contentHash({fingerprint, variables, encoder, frameHashes})};
}
