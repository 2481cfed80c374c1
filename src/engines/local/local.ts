import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import pLimit from 'p-limit';
import workerpool, {type Pool, type Promise as Task} from 'workerpool';
import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';
import type {PartialRender} from '../../model/event.ts';
import type {PartialResult} from '../../model/result.ts';
import type {OnSceneLine, SceneLine} from '../../model/scene-line.ts';
import type {ChunkContext, ChunkListeners, Engine} from '../engine.ts';

/** A worker process's answer: a thrown error would lose its name on the way. */
export type LocalAnswer = {result: PartialResult} | {error: ErrorPayload};

/** Milliseconds in which a process may close its browser after the request to end, before it is killed. */
const GRACE = 3_000;

/**
 * Runs chunks in processes of this machine, kept warm for the next chunk.
 *
 * @param worker the program of a process: it offers `renderChunk(event)` to workerpool
 * @param concurrency processes, at least 1
 * @param onLine receives each line that the project's code writes while a chunk is drawn; optional
 * @param environment the environment of the processes (`REVIDEO_*`), on top of this process's own
 */
export function localEngine({
  worker,
  concurrency,
  environment = {},
  onLine,
}: {
  worker: string;
  concurrency: number;
  environment?: NodeJS.ProcessEnv;
  onLine?: OnSceneLine | undefined;
}): Engine {
  // The pool's own queue stands still when a worker dies.
  const limit = pLimit(concurrency);
  let starting: Promise<{pool: Pool; directory: string}> | undefined;
  /** Chunks that a caller still waits for. */
  let wanted = 0;
  const start = () => {
    starting ??= (async () => {
      // A process that is killed leaves its files behind; they all lie in here.
      const directory = await mkdtemp(join(tmpdir(), 'revideo-lambda-workers-'));
      const pool = workerpool.pool(worker, {
        workerType: 'process',
        maxWorkers: concurrency,
        workerTerminateTimeout: GRACE,
        // Out of reach of the terminal's Ctrl+C: this process ends them, in order.
        forkOpts: {env: {...process.env, ...environment, TMPDIR: directory}, detached: true},
      });
      return {pool, directory};
    })();
    return starting;
  };

  const run = async (
    event: PartialRender,
    {started, progress}: ChunkListeners,
    {signal}: ChunkContext,
  ): Promise<PartialResult> => {
    const {pool} = await start();
    signal.throwIfAborted();
    started?.();
    const on = (news: number | SceneLine) => (typeof news === 'number' ? progress?.(news) : onLine?.(news));
    const task: Task<LocalAnswer> = pool.exec('renderChunk', [event], {on});
    // Nothing is returned: of a promise, an event target would throw what it rejects with.
    const cancel = () => void task.cancel();
    signal.addEventListener('abort', cancel);
    wanted++;
    try {
      const answer = await task;
      if ('error' in answer) throw fromPayload(answer.error);
      return answer.result;
    } finally {
      wanted--;
      signal.removeEventListener('abort', cancel);
      // The task is given up at once, its process ends a little later; until then it may still store a chunk.
      // workerpool asks it twice, and does not notice a process that died meanwhile.
      const deadline = performance.now() + 2 * GRACE + 500;
      while (signal.aborted && pool.stats().busyWorkers > wanted && performance.now() < deadline)
        await sleep(10);
    }
  };

  return {
    name: 'local',
    traits: {isolated: false, stops: true, progress: 'callback'},
    capacity: () => concurrency,

    run: (event, on, context) =>
      limit(async () => {
        let hasStarted = false;
        const started = () => {
          if (!hasStarted) on.started?.();
          hasStarted = true;
        };
        for (;;) {
          try {
            return await run(event, {...on, started}, context);
          } catch (error) {
            if (context.signal.aborted) throw context.signal.reason;
            if (error instanceof RenderError) throw error;
            // It died while it had nothing to do, and the chunk has not begun: the next try has a new process.
            if (error instanceof Error && error.message === 'Worker is terminated') continue;
            throw new RenderError('WorkerCrashed', causeOfDeath(error), {cause: error});
          }
        }
      }),

    async close() {
      const started = await starting;
      starting = undefined;
      if (!started) return;
      await started.pool.terminate(true, GRACE + 500);
      await rm(started.directory, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

/** workerpool says how a process ended in the middle of a text that is mostly about workerpool. */
function causeOfDeath(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const signal = /signalCode: `(SIG\w+)`/.exec(message)?.[1];
  const code = /exitCode: `(\d+)`/.exec(message)?.[1];
  if (signal === 'SIGKILL')
    return "The worker's process was killed (SIGKILL). Unless a user did that, this machine ran out of memory: draw fewer chunks at the same time.";
  if (signal) return `The worker's process was killed (${signal}).`;
  if (code) return `The worker's process ended by itself, with exit code ${code}.`;
  return `The worker's process died. ${message}`;
}
