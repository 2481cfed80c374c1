import {setTimeout as sleep} from 'node:timers/promises';

/** Runs a task, prints `lap`, and waits until the benchmark has read the clock. Seconds by the wall clock. */
export async function lap<T>(task: () => Promise<T>): Promise<{result: T; seconds: number}> {
  const began = performance.now();
  const result = await task();
  const seconds = (performance.now() - began) / 1000;
  console.log('lap');
  await sleep(30);
  return {result, seconds};
}
