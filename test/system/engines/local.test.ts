import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {localEngine} from '../../../src/engines/local/local.ts';
import {chunk, engineConformance, pidOf, writtenPid} from '../../conformance/engine.ts';
import {ownTemporaryDirectory, processesIn, runs, scratch, until} from '../../support/processes.ts';

const worker = fileURLToPath(new URL('../../support/engines/worker.ts', import.meta.url));
const {signal} = new AbortController();

const start = (concurrency: number, environment: NodeJS.ProcessEnv = {}) => {
  const temporary = ownTemporaryDirectory();
  const engine = localEngine({worker, concurrency, environment});
  onTestFinished(async () => {
    await engine.close();
    expect(processesIn(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
  return {engine, temporary};
};

engineConformance(
  'localEngine',
  async ({concurrency}) => {
    const engine = localEngine({worker, concurrency});
    return {engine, close: () => engine.close()};
  },
  {stopsWorkers: true},
);

test('tells how many frames are drawn', async () => {
  const {engine} = start(1);
  const drawn: number[] = [];
  await engine.run(chunk('frames'), {progress: (frames) => drawn.push(frames)}, {signal});
  expect(drawn).toEqual([1, 2, 3, 4, 5]);
  await engine.run(chunk('frames'), {}, {signal});
});

/** Kills a process that has nothing to do, and waits until its parent, this process, knows. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(() => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}

test('a worker that was killed between two chunks is replaced', async () => {
  const {engine} = start(1);
  const pid = pidOf(await engine.run(chunk('ok'), {}, {signal}));
  await kill(pid);
  let starts = 0;
  const next = await engine.run(chunk('ok'), {started: () => starts++}, {signal});
  expect(pidOf(next)).not.toBe(pid);
  // The chunk was sent to the dead process first.
  expect(starts).toBe(1);
});

test('a worker that was killed after the last chunk does not keep the engine from closing', async () => {
  const {engine} = start(2);
  await kill(pidOf(await engine.run(chunk('ok'), {}, {signal})));
  await engine.close();
});

test('an engine that was closed starts anew', async () => {
  const {engine} = start(1);
  const before = pidOf(await engine.run(chunk('ok'), {}, {signal}));
  await engine.close();
  expect(runs(before)).toBe(false);
  expect(pidOf(await engine.run(chunk('ok'), {}, {signal}))).not.toBe(before);
});

test('closing ends what still runs', async () => {
  const {engine} = start(1);
  const directory = scratch();
  const running = engine.run(chunk('hang', {directory}), {}, {signal});
  const outcome = expect(running).rejects.toMatchObject({name: 'WorkerCrashed'});
  const pid = await writtenPid(join(directory, 'hangs'));
  await engine.close();
  await outcome;
  expect(runs(pid)).toBe(false);
});

test('an abort of one chunk leaves the others alone', async () => {
  const {engine} = start(2);
  const directory = scratch();
  const caller = new AbortController();
  const hanging = engine.run(chunk('hang', {directory}), {}, {signal: caller.signal});
  await writtenPid(join(directory, 'hangs'));
  const other = engine.run(chunk('crowd', {directory, together: 1}), {}, {signal});
  caller.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
  expect(await other).toMatchObject({jobId: 'conformance'});
});

test("a worker leads a group of its own: the terminal's Ctrl+C does not reach it", async () => {
  const {engine} = start(1);
  const pid = pidOf(await engine.run(chunk('ok'), {}, {signal}));
  expect(process.kill(-pid, 0)).toBe(true);
});

test('workers and their files have a temporary directory of their own, gone with the engine', async () => {
  const {engine, temporary} = start(2);
  const pid = pidOf(await engine.run(chunk('ok'), {}, {signal}));
  const [own, ...others] = readdirSync(temporary);
  expect(others).toEqual([]);
  expect(processesIn(`${temporary}/${own}`).join()).toContain(`${pid} `);
});
