import {RenderError, toRenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {persist} from '../../base/persist.ts';
import type {ChunkListeners, Engine} from '../../engines/engine.ts';
import type {PartialRender} from '../../model/event.ts';
import type {ChunkEvent, ChunkTry, Described} from '../../model/job-events.ts';
import type {PartialResult} from '../../model/result.ts';
import {HELP_LOOKS, HELP_POLL} from '../timing.ts';
import {adaptiveLimit} from './adaptive-limit.ts';
import {Race} from './race.ts';
import {Stragglers} from './stragglers.ts';

/** How all chunks of a job are run. `Chunk` is the description of a finished chunk. */
export interface DispatchOptions<Chunk> {
  engine: Engine;
  /** Chunks that run at the same time, at least 1; the engine's own limit holds as well. */
  concurrency?: number | undefined;
  /** Attempts at one chunk, at least 1; 3 by default. */
  attempts?: number | undefined;
  /** Whether a chunk that takes far longer than the others gets a second worker; true by default. */
  doubling?: boolean | undefined;
  signal: AbortSignal;
  /**
   * Looks for stored segments before each try: one whose answer was lost may have drawn some. Gives the whole chunk, or the order
   * for the rest.
   */
  find: (event: PartialRender, attempt: number) => Promise<{chunk: Chunk} | {order: PartialRender}>;
  /** Takes what a worker says it has drawn. Gives the whole chunk, if nothing of it is missing, and sees that it is right. */
  take: (event: PartialRender, result: PartialResult) => Promise<Chunk | undefined>;
  /**
   * Takes frames from a worker that is late, and gives the order for another one; undefined if none are missing. `again` if it was
   * helped before: the answer is `later` while it draws the last segment that it has left.
   */
  share: (late: PartialRender, again: boolean) => Promise<PartialRender | 'later' | undefined>;
  /** Stops a worker whose frames are not wanted any more. */
  release: (order: PartialRender) => Promise<void>;
  /** The facts to report about a finished chunk. */
  describe?: (chunk: Chunk) => Described;
  onEvent: (event: ChunkEvent) => void;
}

/** All chunks, in order, and what it took. */
export interface Dispatched<Chunk> {
  chunks: Chunk[];
  counts: {rendered: number; reused: number; retried: number; doubled: number};
}

/** A finished chunk, and whether another job had rendered it before. */
interface Drawn<Chunk> {
  chunk: Chunk;
  reused: boolean;
  /** Orders of workers that still ran by then. */
  left: PartialRender[];
}

/**
 * Renders every chunk through an engine. It retries failures that a retry may mend, makes throttled chunks
 * wait, and has others help late ones. A failure that no retry mends stops
 * the others; it is thrown once nothing runs any longer.
 *
 * @throws the first such error, its message led by job, chunk and attempt.
 */
export async function dispatch<Chunk>(
  events: readonly PartialRender[],
  options: DispatchOptions<Chunk>,
): Promise<Dispatched<Chunk>> {
  const {engine, attempts, doubling = true, signal, find, take, share, release, describe, onEvent} = options;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const counts = {rendered: 0, reused: 0, retried: 0, doubled: 0};
  const races: Race<Drawn<Chunk>>[] = [];
  const stragglers = new Stragglers(doubling ? events.length : 0);
  const inTurn = adaptiveLimit({
    most: () => Math.min(options.concurrency ?? Infinity, engine.capacity()),
    signal: stopped,
    onLower: (concurrency) => onEvent({state: 'throttled', concurrency}),
  });

  /** One try: a worker, and others that take over some of its frames if it is late. */
  const draw = async (first: PartialRender): Promise<Drawn<Chunk>> => {
    const {workerId, attempt} = first;
    const race = new Race<Drawn<Chunk>>(stopped);
    races.push(race);
    let doubled = false;
    const running = new Set<PartialRender>();
    /** Has another worker help a late one. It waits a little for one that was helped before and draws its last segment. */
    const help = async (late: PartialRender, ended: AbortSignal) => {
      for (let looks = 1; ; looks++) {
        // An error here does not end the late one.
        const order = await share(late, doubled && looks < HELP_LOOKS).catch(() => undefined);
        if (!order || ended.aborted) return;
        if (order !== 'later') {
          if (!doubled) onEvent({state: 'doubled', workerId});
          if (!doubled) counts.doubled++;
          doubled = true;
          return race.begin((ended) => run(order, ended, true));
        }
        if (!running.has(late)) return;
        await pause(HELP_POLL, ended).catch(() => {});
      }
    };
    let helping: Promise<void> | undefined;
    const run = async (
      event: PartialRender,
      ended: AbortSignal,
      double: boolean,
    ): Promise<Drawn<Chunk> | undefined> => {
      const which: ChunkTry = {workerId, attempt, double};
      const result = await inTurn(async (isAlone) => {
        ended.throwIfAborted();
        running.add(event);
        onEvent({state: 'started', ...which});
        // Since the work began: a chunk that waits in the engine's line is not late.
        let watched = (_done: boolean) => {};
        const listeners: ChunkListeners = {
          started: () => {
            // An engine may start the work again, for example inline.
            watched(false);
            if (!double)
              watched = stragglers.watch(() => {
                helping = help(event, ended);
              });
          },
          // A helper draws later frames first.
          progress: (frames) => double || onEvent({state: 'drawing', workerId, frames}),
          used: (usage) => onEvent({state: 'used', ...which, usage}),
        };
        const context = {signal: ended};
        let done = false;
        try {
          const result = await engine.run(event, listeners, context).catch((thrown) => {
            if (toRenderError(thrown).name !== 'InvokeThrottled') throw thrown;
            // The late worker still draws.
            if (!double) onEvent({state: 'refused', workerId});
            // A job that only waits for room may hold the room that others wait for.
            if (!engine.runHere || !isAlone()) throw thrown;
            onEvent({state: 'here', ...which});
            return engine.runHere(event, listeners, context);
          });
          done = !result.reused && !doubled;
          onEvent({state: 'tried', ...which, result});
          return result;
        } catch (thrown) {
          const error = toRenderError(thrown);
          onEvent({state: 'tried', ...which, error, stopped: ended.aborted});
          // While it still holds its place, so that no other task begins in it. If two attempts run, the
          // other may succeed.
          if (!ended.aborted && !error.retryable && !doubled) stop.abort(chunkError(event, error));
          throw error;
        } finally {
          watched(done);
          running.delete(event);
        }
      }).catch(async (error) => {
        // A worker that helps it must be among the race's when this one's end counts.
        if (!double) await helping;
        throw error;
      });
      const chunk = await take(event, result);
      if (chunk !== undefined) return {chunk, reused: result.reused, left: [...running]};
      // Its frames may be on their way to another worker.
      await helping;
      if (running.has(first)) await help(first, ended);
      return undefined;
    };
    race.begin((ended) => run(first, ended, false));
    const outcome = await race.outcome;
    await Promise.all(outcome.left.map((order) => release(order).catch(() => {})));
    return outcome;
  };

  const obtain = async (event: PartialRender): Promise<Chunk> => {
    const {workerId} = event;
    let attempt = 1;
    try {
      return await persist(
        async (which) => {
          attempt = which;
          const found = await find(event, attempt);
          const {chunk, reused} =
            'chunk' in found ? {...found, reused: attempt === 1} : await draw({...found.order, attempt});
          counts[reused ? 'reused' : 'rendered']++;
          onEvent({state: 'done', workerId, frames: framesOf(event), reused, ...describe?.(chunk)});
          return chunk;
        },
        {
          attempts,
          signal: stopped,
          onRetry: (error) => {
            counts.retried++;
            onEvent({state: 'retrying', workerId, attempt: attempt + 1, error});
          },
        },
      );
    } catch (error) {
      if (!stopped.aborted) stop.abort(chunkError({...event, attempt}, error));
      throw error;
    }
  };

  const outcomes = await Promise.allSettled(events.map(obtain));
  await Promise.all(races.map((race) => race.over()));
  stopped.throwIfAborted();
  const chunks = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  return {chunks, counts};
}

const framesOf = ({chunk}: PartialRender): number => (chunk ? chunk.end - chunk.start : 0);

function chunkError(
  {jobId, workerId, numWorkers, chunk, attempt}: PartialRender,
  thrown: unknown,
): RenderError {
  const cause = toRenderError(thrown);
  const frames = chunk ? ` (frames ${chunk.start} to ${chunk.end - 1})` : '';
  const error = new RenderError(
    cause.name,
    `Job ${jobId}, chunk ${workerId + 1} of ${numWorkers}${frames}, attempt ${attempt}: ${cause.message}`,
    {cause},
  );
  // The worker's own stack says where it went wrong; ours says only that we waited.
  if (cause.stack) error.stack = cause.stack;
  return error;
}
