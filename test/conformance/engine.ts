import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import type {Engine} from '../../src/engines/engine.ts';
import type {PartialRender} from '../../src/model/event.ts';
import type {PartialResult} from '../../src/model/result.ts';
import {ownTemporaryDirectory, processesIn, scratch, until} from '../support/processes.ts';

/** An engine over the fixtures in test/support/engines, and what has to end with it. */
export interface EngineUnderTest {
  engine: Engine;
  /** Closes the engine, then what it speaks to, if that is this test's too. */
  close(): Promise<void>;
}

/** The abilities of the engine under test. */
export interface EngineAbilities {
  /** Whether an abort ends the worker. Where it cannot, the worker goes on unheard. */
  stopsWorkers: boolean;
}

/** An event whose worker does as `variables.behaviour` says. */
export const chunk = (behaviour: string, variables: object = {}, workerId = 0): PartialRender => ({
  jobType: 'partialRender',
  jobId: 'conformance',
  workerId,
  numWorkers: 10,
  frameHashes: false,
  quality: 'cheapest',
  variables: {...variables, behaviour},
  variablesStored: false,
  attempt: 1,
  chunk: {start: 0, end: 5, segments: [5], content: '0'.repeat(32), run: 1},
});

/** The process a chunk was run by. */
export const pidOf = ({packs}: PartialResult): number => Number(packs[0]?.key);

/** Every engine passes this. `make` gives an engine that runs `concurrency` chunks at the same time. */
export function engineConformance(
  name: string,
  make: (options: {concurrency: number}) => Promise<EngineUnderTest>,
  {stopsWorkers}: EngineAbilities,
): void {
  describe(`${name} as an Engine`, () => {
    /** An engine that has to leave nothing behind, whatever the test does with it. */
    const start = async (concurrency = 1): Promise<Engine> => {
      const temporary = ownTemporaryDirectory();
      const {engine, close} = await make({concurrency});
      onTestFinished(async () => {
        await close();
        expect(processesIn(temporary)).toEqual([]);
        expect(readdirSync(temporary)).toEqual([]);
      });
      return engine;
    };
    const never = new AbortController().signal;
    const run = (engine: Engine, behaviour: string, variables: object = {}) =>
      engine.run(chunk(behaviour, variables), {}, {signal: never});

    it('says what it is', async () => {
      const engine = await start(7);
      expect(engine.name).toMatch(/^[a-z]+$/);
      expect(engine.capacity()).toBe(7);
      expect(engine.traits).toMatchObject({stops: stopsWorkers});
    });

    it('reports the start of a chunk once, before its result', async () => {
      const engine = await start();
      const seen: string[] = [];
      await engine.run(chunk('ok'), {started: () => seen.push('started')}, {signal: never});
      seen.push('result');
      expect(seen).toEqual(['started', 'result']);
    });

    it('gives back what the worker returns', async () => {
      const engine = await start();
      const result = await engine.run(chunk('ok', {}, 4), {}, {signal: never});
      const expected = {
        jobId: 'conformance',
        workerId: 4,
        reused: false,
        start: 0,
        end: 5,
        frames: 5,
        bytes: 0,
        seconds: 0,
      };
      const pack = {key: expect.stringMatching(/^\d+$/), start: 0, end: 5, bytes: 0};
      expect(result).toEqual({...expected, packs: [pack]});
      expect(pidOf(result)).not.toBe(process.pid);
    });

    it('keeps a worker warm for the next chunk', async () => {
      const engine = await start(2);
      const first = await run(engine, 'ok');
      expect(pidOf(await run(engine, 'ok'))).toBe(pidOf(first));
    });

    it.each([
      ['typed', 'SceneFailed', 'Frame 40: the paint ran out', false],
      ['retryable', 'BrowserCrashed', 'The browser died.', true],
    ])('a %s error keeps name, message and stack', async (behaviour, errorName, message, retryable) => {
      const engine = await start();
      const error = await run(engine, behaviour).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(RenderError);
      expect(error).toMatchObject({name: errorName, message, retryable});
      expect(error.stack).toMatch(/behave\.ts:\d+/);
    });

    it("an error that is none of ours is Internal, in the worker's words", async () => {
      const engine = await start();
      const error = await run(engine, 'untyped').catch((thrown) => thrown);
      expect(error).toMatchObject({name: 'Internal', retryable: false});
      expect(error.message).toContain('paint is not a function');
      expect(error.stack).toMatch(/behave\.ts:\d+/);
    });

    it('keeps the worker that threw', async () => {
      const engine = await start();
      const before = await run(engine, 'ok');
      await expect(run(engine, 'typed')).rejects.toThrow();
      expect(pidOf(await run(engine, 'ok'))).toBe(pidOf(before));
    });

    it.each([
      ['exit', /\b3\b/],
      ['kill', /kill/i],
    ])('a worker that dies (%s) is WorkerCrashed and replaced', async (behaviour, how) => {
      const engine = await start();
      const before = await run(engine, 'ok');
      const error = await run(engine, behaviour).catch((thrown) => thrown);
      expect(error).toMatchObject({name: 'WorkerCrashed', retryable: true});
      expect(error.message).toMatch(how);
      expect(pidOf(await run(engine, 'ok'))).not.toBe(pidOf(before));
    });

    it('runs as many chunks as it says, and never one more', async () => {
      const engine = await start(3);
      const directory = scratch();
      const runs = Array.from({length: 7}, (_, workerId) =>
        engine.run(chunk('crowd', {directory, together: 3}, workerId), {}, {signal: never}),
      );
      const results = await Promise.all(runs);
      expect(results.map(({workerId}) => workerId)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(Math.max(...results.map(({bytes}) => bytes))).toBe(3);
    });

    it('the next in line is not held up by one that dies', async () => {
      const engine = await start(1);
      const outcomes = await Promise.allSettled(
        ['ok', 'exit', 'ok', 'kill', 'ok'].map((b) => run(engine, b)),
      );
      expect(outcomes.map(({status}) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
    });

    it.each([
      ['one of our errors', new RenderError('Aborted', 'a sibling failed')],
      ['what the caller likes', new DOMException('enough', 'AbortError')],
    ])('an abort rejects with the reason, %s', async (_, reason) => {
      const engine = await start(2);
      const directory = scratch();
      const caller = new AbortController();
      const running = engine.run(chunk('hang', {directory}), {}, {signal: caller.signal});
      const pid = await writtenPid(join(directory, 'hangs'));
      caller.abort(reason);
      await expect(running).rejects.toBe(reason);
      // It must be gone, not only stopping: it might still store something after the clean-up.
      if (stopsWorkers) expect(processesIn(process.env.TMPDIR ?? '').join()).not.toContain(`${pid} `);
      expect(pidOf(await run(engine, 'ok'))).not.toBe(pid);
    });

    it('what was aborted before it began is not run', async () => {
      const engine = await start();
      const directory = scratch();
      const reason = new RenderError('Aborted', 'too late');
      const signal = AbortSignal.abort(reason);
      await expect(engine.run(chunk('hang', {directory}), {}, {signal})).rejects.toBe(reason);
      await run(engine, 'ok');
      expect(readdirSync(directory)).toEqual([]);
    });

    it('can be closed twice, and without having run anything', async () => {
      const engine = await start();
      await engine.close();
      await engine.close();
    });
  });
}

/** The pid that a worker writes to a file when it is at it. */
export async function writtenPid(file: string): Promise<number> {
  const content = () => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  await until(() => content() !== '');
  return Number(content());
}
