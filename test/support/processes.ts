import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {onTestFinished, vi} from 'vitest';

/** Taken now: a test may give itself another. */
const TEMPORARY = tmpdir();

/** An empty directory for one test, never inside its temporary one. */
export function scratch(): string {
  const directory = mkdtempSync(join(TEMPORARY, 'test-'));
  onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
  return directory;
}

/** A temporary directory for this process and those it starts, for one test: what is left in it was left behind. */
export function ownTemporaryDirectory(): string {
  const directory = scratch();
  vi.stubEnv('TMPDIR', directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  return directory;
}

/** Waits until `condition` holds; the test's own time limit ends a wait for what never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/**
 * Command lines of live processes with a path below `directory` in their arguments or their environment.
 * These are the processes that have it as their temporary directory. Empty where there is no /proc.
 */
export function processesIn(directory: string): string[] {
  return pids().flatMap((pid) => {
    const [command, environment] = [read(pid, 'cmdline'), read(pid, 'environ')];
    const isOurs = command.includes(directory) || environment.includes(directory);
    return isOurs && runs(pid) ? [`${pid} ${command.replaceAll('\0', ' ')}`] : [];
  });
}

/**
 * Command lines of live processes that a process has started, and those of theirs. A browser's own processes do not
 * show their environment. Empty where there is no /proc.
 */
export function processesBelow(pid: number): string[] {
  // Read once for the whole tree: some tests look many times a second.
  const children = Map.groupBy(pids(), (child) =>
    Number(/^PPid:\t(\d+)$/m.exec(read(child, 'status'))?.[1] ?? 0),
  );
  const below = (parent: number): string[] =>
    (children.get(parent) ?? [])
      .filter(runs)
      .flatMap((child) => [`${child} ${read(child, 'cmdline').replaceAll('\0', ' ')}`, ...below(child)]);
  return below(pid);
}

/** Whether a process runs; a zombie, which only waits to be collected by its parent, does not. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^State:\s+Z/m.test(read(pid, 'status'));
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  } catch {
    return []; // no /proc: not Linux
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // The process has ended since, or belongs to another user.
  }
}
