import pLimit from 'p-limit';
import type {Engine} from './engines/engine.ts';
import {RenderError, toRenderError} from './errors.ts';
import type {PartialRender, PartialResult} from './event.ts';

/** What becomes of one chunk. */
export type ChunkEvent =
  | {state: 'started'; workerId: number}
  | {state: 'drawing'; workerId: number; frames: number}
  | {state: 'done'; workerId: number; result: PartialResult};

/** How all chunks of a job are run. */
export interface DispatchOptions {
  engine: Engine;
  /** Chunks that run at the same time, at least 1; the engine's own limit holds as well. */
  concurrency?: number | undefined;
  signal: AbortSignal;
  /** Awaited for each chunk when it is in storage; an error of it ends the job. */
  onDone: (result: PartialResult) => Promise<void>;
  onEvent: (event: ChunkEvent) => void;
}

/**
 * Runs all chunks through an engine.
 * The first failure stops the others; it is thrown once nothing runs any more.
 *
 * @throws the first chunk's error, its message led by job, chunk and attempt.
 */
export async function dispatch(chunks: PartialRender[], options: DispatchOptions): Promise<PartialResult[]> {
  const {engine, signal, onDone, onEvent} = options;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const limit = pLimit(Math.min(options.concurrency ?? engine.concurrency, engine.concurrency));

  const run = async (event: PartialRender): Promise<PartialResult> => {
    const {workerId} = event;
    stopped.throwIfAborted();
    const onFrames = (frames: number) => onEvent({state: 'drawing', workerId, frames});
    try {
      onEvent({state: 'started', workerId});
      const result = await engine.run(event, {signal: stopped, onFrames});
      await onDone(result);
      onEvent({state: 'done', workerId, result});
      return result;
    } catch (error) {
      if (stopped.aborted) throw error;
      const failed = chunkError(event, error);
      stop.abort(failed);
      throw failed;
    }
  };

  const outcomes = await Promise.allSettled(chunks.map((event) => limit(() => run(event))));
  stopped.throwIfAborted();
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function chunkError({jobId, workerId, numWorkers, chunk}: PartialRender, thrown: unknown): RenderError {
  const cause = toRenderError(thrown);
  const frames = chunk ? ` (frames ${chunk.start} to ${chunk.end - 1})` : '';
  const error = new RenderError(
    cause.name,
    `Job ${jobId}, chunk ${workerId + 1} of ${numWorkers}${frames}, attempt 1: ${cause.message}`,
    {cause},
  );
  // The worker's own stack says where it went wrong; ours says only that we waited.
  if (cause.stack) error.stack = cause.stack;
  return error;
}
