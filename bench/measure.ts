import {readFileSync} from 'node:fs';
import {execa} from 'execa';
import {TreeCpu} from './process-cpu.ts';

/** The time and memory of a program and every process it started. */
export interface Measured<T> {
  /** Its output: JSON. */
  output: T;
  /** CPU seconds before each line `lap` that it printed, since the one before. */
  laps: number[];
  /** Seconds by the wall clock, from its start to its end. */
  wall: number;
  /** CPU seconds, user and system, of the whole tree. */
  cpu: number;
  /** The part of them that belongs to processes without a waiting parent. */
  cpuUnwaited: number;
  /** The most memory the tree held at one time, in MB: the sum of its proportional set sizes. */
  memoryMb: number;
}

/** Milliseconds between two looks at the tree: a look takes one. */
const LOOK_EVERY = 25;
/** Looks between two measurements of memory, which take longer. */
const MEMORY_EVERY = 20;

/** Milliseconds a program may take: what hangs is an error, not a number. */
const DEADLINE = 15 * 60_000;

/** Runs a program of Node's to its end and measures its tree. Linux only. Rejects if it fails. */
export async function measure<T>(
  program: string,
  args: readonly string[],
  {signal, env}: {signal: AbortSignal; env?: Record<string, string>},
): Promise<Measured<T>> {
  if (process.platform !== 'linux') throw new Error('The benchmark reads /proc: it runs on Linux only.');
  const cpu = new TreeCpu();
  const began = performance.now();
  const child = execa(process.execPath, [program, ...args], {
    env: {DISABLE_TELEMETRY: 'true', ...env},
    stdin: 'ignore',
    cancelSignal: signal,
    timeout: DEADLINE,
    maxBuffer: 50_000_000,
  });
  let memoryMb = 0;
  let looks = 0;
  const look = () => {
    if (!child.pid) return;
    cpu.look(child.pid);
    if (looks++ % MEMORY_EVERY === 0) memoryMb = Math.max(memoryMb, memoryOf(cpu.pids));
  };
  const timer = setInterval(look, LOOK_EVERY);
  const laps: number[] = [];
  let counted = 0;
  child.stdout.on('data', (text: Buffer) => {
    for (const line of String(text).split('\n')) {
      if (line !== 'lap') continue;
      look();
      laps.push(cpu.seconds - counted);
      counted = cpu.seconds;
    }
  });
  try {
    const {stdout} = await child;
    const wall = (performance.now() - began) / 1000;
    look();
    const output = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
    return {output, laps, wall, cpu: cpu.seconds, cpuUnwaited: cpu.lostSeconds, memoryMb};
  } finally {
    clearInterval(timer);
    // The browsers of a program that failed or was stopped may live on.
    for (const pid of cpu.pids) end(pid);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Memory in MB with shared pages counted once: a browser's processes share most of theirs. */
function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    try {
      const [, size] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
      return Number(size ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
}
