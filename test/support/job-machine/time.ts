import {afterEach, beforeEach, vi} from 'vitest';
import {ownTemporaryDirectory} from '../processes.ts';
import type {Chance} from './storage.ts';

/** Simulated milliseconds after which a job that has not ended never will. */
const FOR_EVER = 6 * 3600_000;

/** A reproducible source of chance. The code under test also takes `Math.random` from that seed, until the test ends. */
export function worldOf(seed: number): Chance {
  const {upTo} = chanceOf(~seed);
  vi.spyOn(Math, 'random').mockImplementation(() => upTo(1));
  return chanceOf(seed);
}

/** A reproducible source of chance (mulberry32). */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {happens: (probability) => next() < probability, upTo: (most) => next() * most};
}

/** How many turns of the event loop in a row without a read or a write show that files are at rest. */
const QUIET_TURNS = 4;

/** Waits until real reads and writes of files are done: how fast a disk is must not decide what happens in simulated time. */
async function filesAtRest(stop: () => boolean): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS && !stop(); ) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq')) ? 0 : quiet + 1;
  }
}

/** Lets simulated time pass until `promise` has settled; it stands still while files are read and written. */
export async function passTime<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  const end = performance.now() + FOR_EVER;
  while (!settled) {
    await filesAtRest(() => settled);
    if (settled) break;
    if (performance.now() > end) throw new Error('It does not end.');
    await vi.advanceTimersToNextTimerAsync();
  }
  return promise;
}

/** Has each test of a file run in simulated time, with a temporary directory of its own. */
export function simulateTime(): void {
  beforeEach(() => {
    // A killed process leaves files behind.
    ownTemporaryDirectory();
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance']});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
