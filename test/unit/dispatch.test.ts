import {setImmediate as turn} from 'node:timers/promises';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import type {Engine} from '../../src/engines/engine.ts';
import {type DispatchOptions, dispatch} from '../../src/job/dispatch/dispatch.ts';
import type {PartialRender} from '../../src/model/event.ts';
import type {ChunkEvent} from '../../src/model/job-events.ts';
import type {PartialResult} from '../../src/model/result.ts';
import {ALONE, filmChunks, resultOf} from '../support/film-chunks.ts';

interface Plan {
  /** Turns of the event loop that each chunk takes. */
  turns: number[];
  /** The engine's own limit. */
  room: number;
  /** Chunks that fail at their end. */
  failing?: Set<number>;
}

/** An engine that notes what it is asked for, and takes a while to notice an abort. */
function fakeEngine({turns, room, failing = new Set()}: Plan) {
  const seen = {started: [] as number[], running: 0, peak: 0, failed: [] as number[], late: [] as number[]};
  const engine: Engine = {
    name: 'fake',
    traits: {isolated: true, stops: true, progress: 'callback'},
    capacity: () => room,
    async run(event, {started, progress}, {signal}) {
      started?.();
      const {workerId} = event;
      if (seen.failed.length > 0) seen.late.push(workerId);
      seen.started.push(workerId);
      seen.peak = Math.max(seen.peak, ++seen.running);
      try {
        for (let left = turns[workerId] ?? 0; left > 0; left--) {
          await turn();
          progress?.(1);
          if (signal.aborted) break;
        }
        await turn();
        if (signal.aborted) {
          await turn();
          throw signal.reason;
        }
        if (!failing.has(workerId)) return resultOf(event);
        seen.failed.push(workerId);
        throw new RenderError('SceneFailed', `Frame ${workerId * 10}: the paint ran out`);
      } finally {
        seen.running--;
      }
    },
    close: async () => {},
  };
  return {engine, seen};
}

/** Dispatches, and records the events and the work that still ran at the end. */
async function run(plan: Plan, options: Partial<DispatchOptions<PartialResult>> = {}) {
  const {engine, seen} = fakeEngine(plan);
  const events: ChunkEvent[] = [];
  const done: number[] = [];
  const outcome = await dispatch(filmChunks(plan.turns.length), {
    engine,
    signal: new AbortController().signal,
    ...ALONE,
    take: async (_, result) => {
      done.push(result.workerId);
      return result;
    },
    onEvent: (event) => events.push(event),
    ...options,
  }).then(
    ({chunks, counts}) => ({results: chunks, counts, error: undefined}),
    (error: unknown) => ({results: undefined, counts: undefined, error}),
  );
  const stillRunning = seen.running;
  const startedThen = seen.started.length;
  for (let left = 30; left > 0; left--) await turn();
  return {...outcome, ...seen, events, done, stillRunning, startedLater: seen.started.length - startedThen};
}

const turns = fc.array(fc.nat({max: 6}), {minLength: 1, maxLength: 20});
const limit = fc.integer({min: 1, max: 25});
const failures = turns.chain((turns) =>
  fc.record({
    turns: fc.constant(turns),
    room: limit,
    failing: fc
      .uniqueArray(fc.nat({max: turns.length - 1}), {minLength: 1, maxLength: 3})
      .map((indices) => new Set(indices)),
  }),
);

describe('dispatch', () => {
  it('gives every result, in the order of the chunks, whatever order they end in', async () => {
    const holds = fc.asyncProperty(turns, limit, async (turns, room) => {
      const {results, started, done} = await run({turns, room});
      expect(results).toEqual(filmChunks(turns.length).map(resultOf));
      expect(started).toEqual([...turns.keys()]);
      expect(done.toSorted((a, b) => a - b)).toEqual([...turns.keys()]);
    });
    await fc.assert(holds);
  });

  it("runs as many as the caller's and the engine's limit both allow, and never one more", async () => {
    const holds = fc.asyncProperty(turns, limit, limit, async (turns, room, concurrency) => {
      expect((await run({turns, room}, {concurrency})).peak).toBe(Math.min(turns.length, room, concurrency));
      expect((await run({turns, room})).peak).toBe(Math.min(turns.length, room));
    });
    await fc.assert(holds, {numRuns: 50});
  });

  it('tells of each chunk in its order: started, drawing, tried, done', async () => {
    const holds = fc.asyncProperty(turns, limit, async (turns, room) => {
      const {events} = await run({turns, room});
      for (const [workerId, drawn] of turns.entries()) {
        const states = events
          .filter((event) => 'workerId' in event && event.workerId === workerId)
          .map(({state}) => state);
        expect(states).toEqual(['started', ...Array(drawn).fill('drawing'), 'tried', 'done']);
      }
    });
    await fc.assert(holds, {numRuns: 30});
  });

  it('a chunk is done when it is taken, not before, and the next does not wait for that', async () => {
    const order: string[] = [];
    const take = async (_: PartialRender, result: PartialResult) => {
      await turn();
      await turn();
      order.push(`taken ${result.workerId}`);
      return result;
    };
    const onEvent = (event: ChunkEvent) => {
      if ('workerId' in event) order.push(`${event.state} ${event.workerId}`);
    };
    await run({turns: [0, 0], room: 1}, {take, onEvent});
    expect(order.indexOf('taken 0')).toBeLessThan(order.indexOf('done 0'));
    expect(order.indexOf('started 1')).toBeLessThan(order.indexOf('taken 0'));
  });

  it('the first failure stops the rest, once nothing runs any more', async () => {
    const holds = fc.asyncProperty(failures, async (plan) => {
      const {error, failed, late, stillRunning, startedLater} = await run(plan);
      const first = failed[0] ?? -1;
      expect(error).toBeInstanceOf(RenderError);
      expect((error as RenderError).message).toMatch(new RegExp(`^Job film, chunk ${first + 1} of `));
      expect({late, stillRunning, startedLater}).toEqual({late: [], stillRunning: 0, startedLater: 0});
    });
    await fc.assert(holds);
  });

  it('the rest is told to stop, not waited for', async () => {
    const {error, stillRunning} = await run({
      turns: [Number.POSITIVE_INFINITY, 3, Number.POSITIVE_INFINITY],
      room: 3,
      failing: new Set([1]),
    });
    expect(error).toMatchObject({name: 'SceneFailed', message: expect.stringContaining('chunk 2 of 3')});
    expect(stillRunning).toBe(0);
  });

  it('a failure says which job, chunk, frames and attempt, and keeps name, cause and stack', async () => {
    const {error} = await run({turns: [9, 9, 0], room: 3, failing: new Set([2])});
    expect(error).toMatchObject({
      name: 'SceneFailed',
      retryable: false,
      message: 'Job film, chunk 3 of 3 (frames 20 to 29), attempt 1: Frame 20: the paint ran out',
      cause: {name: 'SceneFailed', message: 'Frame 20: the paint ran out'},
    });
    const {stack, cause} = error as RenderError;
    expect(stack).toBe((cause as Error).stack);
  });

  it('what fails without a name is Internal', async () => {
    const engine: Engine = {
      name: 'fake',
      traits: {isolated: true, stops: true, progress: 'callback'},
      capacity: () => 1,
      run: () => Promise.reject(new TypeError('no paint')),
      close: async () => {},
    };
    const {error} = await run({turns: [0], room: 1}, {engine});
    const message = 'Job film, chunk 1 of 1 (frames 0 to 9), attempt 1: no paint';
    expect(error).toMatchObject({name: 'Internal', message});
  });

  it.each(['take', 'onEvent'] as const)('an error of %s is a failure of the chunk', async (name) => {
    const hook = <T extends object>(about: T): T => {
      if ('workerId' in about && about.workerId === 1) throw new RenderError('StorageRefused', 'no');
      return about;
    };
    const options =
      name === 'take'
        ? {take: async (_: PartialRender, result: PartialResult) => hook(result)}
        : {onEvent: hook};
    const {error, started, stillRunning} = await run({turns: [2, 0, 5, 5, 5, 5], room: 2}, options);
    const message = 'Job film, chunk 2 of 6 (frames 10 to 19), attempt 1: no';
    expect(error).toMatchObject({name: 'StorageRefused', retryable: false, message});
    expect(stillRunning).toBe(0);
    expect(started.length).toBeLessThan(5);
  });

  it("an abort from outside throws the caller's reason, once nothing runs any more", async () => {
    const moments = fc.record({turns, room: limit, after: fc.nat({max: 30})});
    const holds = fc.asyncProperty(moments, async ({turns, room, after}) => {
      const caller = new AbortController();
      const reason = new RenderError('TimedOut', 'the limit is near');
      let told = 0;
      const onEvent = () => {
        if (++told === after + 1) caller.abort(reason);
      };
      const {error, stillRunning, startedLater} = await run({turns, room}, {signal: caller.signal, onEvent});
      expect(error).toBe(caller.signal.aborted ? reason : undefined);
      expect({stillRunning, startedLater}).toEqual({stillRunning: 0, startedLater: 0});
    });
    await fc.assert(holds);
  });

  it('what is aborted already does not begin', async () => {
    const reason = new RenderError('Aborted', 'too late');
    const {error, started, events} = await run({turns: [0, 0], room: 2}, {signal: AbortSignal.abort(reason)});
    expect(error).toBe(reason);
    expect({started, events}).toEqual({started: [], events: []});
  });
});
