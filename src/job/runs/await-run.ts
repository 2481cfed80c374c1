import {randomUUID} from 'node:crypto';
import {pause} from '../../base/pause.ts';
import {RUN_POLL, SILENCE} from '../timing.ts';
import {
  endRun,
  type JobRecords,
  type Outcome,
  type RunState,
  readOutcome,
  readRunRecord,
  toBeat,
} from './records.ts';

/** Waits for the end of another invocation's run, and ends the run if it is dead. Returns false if `leave` fires before. */
export async function awaitEnd(
  {number}: RunState,
  place: JobRecords,
  leave: AbortSignal | undefined,
): Promise<boolean> {
  let beat: string | undefined;
  let lastSign = performance.now();
  for (;;) {
    if (leave?.aborted) return false;
    const asked = performance.now();
    if (await readOutcome(place, number)) return true;
    const sign = await readRunRecord(place, {number, record: 'beat'});
    const now = JSON.stringify(sign) ?? '';
    // On Lambda, an invocation that waits takes up capacity that the run's workers may need. A dead run needs none.
    const isAlive = beat !== undefined && now !== beat;
    if (leave && isAlive && toBeat(sign)?.starved) return false;
    // While the storage could not be read, the other run could not write to it either.
    const isLate = performance.now() - asked > SILENCE / 2;
    if (now !== beat || isLate) lastSign = performance.now();
    beat = now;
    if (performance.now() - lastSign > SILENCE) {
      const outcome: Outcome = {state: 'lost', owner: randomUUID(), progress: toBeat(sign)?.progress};
      await endRun(place, {number, outcome});
      return true;
    }
    await pause(RUN_POLL, place.signal);
  }
}

/** Waits until an invocation has claimed the next run. Returns false if none does, or if `leave` fires before. */
export async function awaitNext(
  {number}: RunState,
  place: JobRecords,
  leave: AbortSignal | undefined,
): Promise<boolean> {
  const until = performance.now() + SILENCE;
  while (performance.now() < until && !leave?.aborted) {
    if (await readRunRecord(place, {number: number + 1, record: 'claim'})) return true;
    await pause(RUN_POLL, place.signal);
  }
  return false;
}
