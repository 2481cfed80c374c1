import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {expect, onTestFinished, test} from 'vitest';
import {withOneProcessor} from '../../src/renderers/revideo/one-processor.ts';

/** Prints the processors it may use at its start, and again for each line it gets. */
const COUNTS = `const {availableParallelism} = require('node:os');
  console.log(availableParallelism());
  process.stdin.on('data', () => console.log(availableParallelism()));`;

const counted = async (child: ChildProcess): Promise<number> => {
  const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return Number(String(said));
};
const start = async () => {
  const child = spawn(process.execPath, ['-e', COUNTS]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {child, atStart: await counted(child)};
};

test('a program counts one processor at its start, and may use all of them afterwards', async () => {
  const all = availableParallelism();
  // With one processor this could not fail.
  expect(all).toBeGreaterThan(1);
  const {child, atStart} = await withOneProcessor(start, ({child}) => child.pid);
  expect(atStart).toBe(1);
  child.stdin?.write('again\n');
  expect(await counted(child)).toBe(all);
  expect(Number(execFileSync(process.execPath, ['-p', 'os.availableParallelism()']))).toBe(all);
});

test('two at once, and one that fails, leave this process all its processors', async () => {
  const all = availableParallelism();
  const both = await Promise.all([1, 2].map(() => withOneProcessor(start, ({child}) => child.pid)));
  expect(both.map(({atStart}) => atStart)).toEqual([1, 1]);
  const failing = withOneProcessor(
    () => Promise.reject(new Error('It does not start.')),
    () => 1,
  );
  await expect(failing).rejects.toThrow('It does not start.');
  expect(availableParallelism()).toBe(all);
});
