import {readdir, readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import pLimit from 'p-limit';

/** A set of processors, one bit each, as the kernel keeps it: `cpu_set_t`, 1,024 bits (sched_setaffinity(2)). */
type Mask = Buffer;
const MASK_BYTES = 128;

/** The kernel's calls for the processors that a thread may use; each returns 0, or -1 where it fails. */
interface Affinity {
  get(thread: number, bytes: number, mask: Mask): number;
  set(thread: number, bytes: number, mask: Mask): number;
}

const require = createRequire(import.meta.url);
let affinity: Affinity | undefined;
/** Undefined where the system has no such calls: it is not Linux, or not one that `koffi` has a build for. */
function findAffinity(): Affinity | undefined {
  if (affinity || process.platform !== 'linux') return affinity;
  try {
    const {load} = require('koffi') as typeof import('koffi');
    const library = load('libc.so.6');
    affinity = {
      get: library.func('int sched_getaffinity(int thread, size_t bytes, _Out_ uint8_t *mask)'),
      set: library.func('int sched_setaffinity(int thread, size_t bytes, const uint8_t *mask)'),
    };
  } catch {
    // A system without them encodes as well; its larger films are not the same to the byte.
  }
  return affinity;
}

/** Two at once would take the other's single processor for all there are. */
const inTurn = pLimit(1);

/**
 * Starts a program that counts one processor, and may use all of them once it has started.
 *
 * A browser counts processors once, when it starts. With more than one, its H.264 encoder cuts large frames into slices
 * and moves their borders by the clock. The same frames then become other bytes each time. With one it has no slices.
 *
 * @param start starts the program
 * @param pidOf the process id of what `start` has started
 */
export const withOneProcessor = <T>(
  start: () => Promise<T>,
  pidOf: (started: T) => number | undefined,
): Promise<T> =>
  inTurn(async () => {
    const calls = findAffinity();
    const all = Buffer.alloc(MASK_BYTES);
    if (!calls || calls.get(0, MASK_BYTES, all) === -1) return start();
    calls.set(0, MASK_BYTES, firstOf(all));
    let started: T;
    try {
      started = await start();
    } finally {
      // Thread 0 is the calling one: this process' own main thread.
      calls.set(0, MASK_BYTES, all);
    }
    const pid = pidOf(started);
    if (pid !== undefined) await release(pid, (thread) => calls.set(thread, MASK_BYTES, all));
    return started;
  });

/** The first processor of a set. */
function firstOf(all: Mask): Mask {
  const one = Buffer.alloc(MASK_BYTES);
  const at = all.findIndex((bits) => bits !== 0);
  const bits = all[at] ?? 1;
  one[Math.max(at, 0)] = bits & -bits;
  return one;
}

/** Gives all threads of a process and of its descendants what `free` gives; one that ends meanwhile needs nothing. */
async function release(pid: number, free: (thread: number) => void): Promise<void> {
  // Twice: a thread that another one starts while this goes on has what that one had.
  for (let round = 0; round < 2; round++) {
    for (const process of await familyOf(pid)) {
      const threads = await readdir(`/proc/${process}/task`).catch(() => []);
      for (const thread of threads) free(Number(thread));
    }
  }
}

/** A process and its descendants. */
async function familyOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = await parentOf(name);
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const family = new Set([pid]);
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const [process, parent] of parents) if (family.has(parent)) family.add(process);
  }
  return [...family];
}

/** The parent's id stands behind the name, which may have any letters (proc_pid_stat(5)). */
async function parentOf(process: string): Promise<number | undefined> {
  const text = await readFile(`/proc/${process}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.slice(text.lastIndexOf(')') + 1).split(' ')[2]);
}
