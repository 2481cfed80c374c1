import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {RenderError} from './errors.ts';
import type {PartialRender, PartialResult} from './event.ts';
import {mp4} from './formats.ts';
import {chunkKey, contentHash} from './keys.ts';
import {planChunks} from './plan.ts';
import {ENCODERS} from './quality.ts';
import type {ChunkRequest, Renderer} from './renderer.ts';
import {stopwatch} from './stopwatch.ts';
import type {Storage} from './storage/storage.ts';
import {withWorkDirectory} from './work-directory.ts';

/** What a worker needs. */
export interface ChunkTools {
  renderer: Renderer;
  storage: Storage;
}

/**
 * The way of one chunk: draw it, see that it is whole, put it where the orchestrator finds it.
 *
 * @throws what the renderer or the storage throw, `ChunkMismatch`, `BadEvent` for a worker without a chunk.
 */
export async function renderChunk(
  event: PartialRender,
  {renderer, storage}: ChunkTools,
  {signal, onFrames}: {signal: AbortSignal; onFrames?: (drawn: number) => void},
): Promise<PartialResult> {
  const clock = stopwatch();
  const {jobId, workerId} = event;
  return withWorkDirectory(async (directory) => {
    const {start, end, content} = event.chunk ?? (await askProject(event, {renderer, directory, signal}));
    const {variables, frameHashes, quality} = event;
    const request: ChunkRequest = {start, end, variables, frameHashes, encoder: ENCODERS[quality]};
    const file = await renderer.renderChunk(request, {directory, signal, ...(onFrames && {onFrames})});
    if (file.frames !== end - start) {
      throw new RenderError(
        'ChunkMismatch',
        `Frames ${start} to ${end - 1} were asked for, ${end - start} in all; ${file.frames} were drawn.`,
      );
    }
    const key = chunkKey(content, start, end, mp4.chunkExtension);
    const {size: bytes} = await stat(file.path);
    await storage.put(key, createReadStream(file.path), {contentType: 'video/h264', signal});
    const hashesKey = file.hashes && chunkKey(content, start, end, 'json');
    if (hashesKey)
      await storage.put(hashesKey, JSON.stringify(file.hashes), {contentType: 'application/json', signal});
    const seconds = clock.total();
    return {
      jobId,
      workerId,
      start,
      end,
      frames: file.frames,
      key,
      bytes,
      ...(hashesKey && {hashesKey}),
      seconds,
    };
  });
}

/** A person's event names a worker, not frames: cut the film as the orchestrator would. */
async function askProject(
  {jobId, workerId, numWorkers, variables, quality}: PartialRender,
  {renderer, directory, signal}: {renderer: Renderer; directory: string; signal: AbortSignal},
): Promise<{start: number; end: number; content: string}> {
  const {frames} = await renderer.plan(variables, {directory, signal});
  const chunk = planChunks(frames, numWorkers)[workerId];
  if (!chunk) {
    throw new RenderError(
      'BadEvent',
      `The event cannot be used. workerId is ${workerId}; the film has ${frames} frames, so it must be a whole number from 0 to ${frames - 1}.`,
    );
  }
  const fingerprint = await renderer.fingerprint({signal});
  return {...chunk, content: contentHash({fingerprint, variables, encoder: ENCODERS[quality], run: jobId})};
}
