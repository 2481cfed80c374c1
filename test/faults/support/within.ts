import {setTimeout as sleep} from 'node:timers/promises';

/** Milliseconds in which whatever a row waits for has to come, unless it says otherwise. */
const PATIENCE = 60_000;

/** The result of `work`; rejects with the text of `what` if it takes too long. */
export async function within<T>(what: string, work: Promise<T>, milliseconds = PATIENCE): Promise<T> {
  const end = new AbortController();
  const late = sleep(milliseconds, undefined, {signal: end.signal, ref: false}).then(() => {
    throw new Error(`Waited ${milliseconds / 1000} s in vain for ${what}.`);
  });
  late.catch(() => {});
  return Promise.race([work, late]).finally(() => end.abort());
}

/** Looks again and again until there is something. */
export async function appears<T>(
  what: string,
  look: () => T | undefined,
  milliseconds = PATIENCE,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds / 1000} s in vain for ${what}.`);
    await sleep(5);
  }
}
