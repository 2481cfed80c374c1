import {setTimeout as sleep} from 'node:timers/promises';
import {expect} from 'vitest';
import type {Fault} from './faults.ts';
import type {Trap} from './proxy.ts';
import type {Outcome, Scene} from './scene.ts';
import type {Stage} from './stage.ts';
import {within} from './within.ts';

/** Milliseconds in which a row has to end. */
const LONGEST = 120_000;

/** Sends a row's job while things go wrong, and returns the result. The stage is calm afterwards. */
export async function runRow({arrange, during, sentAgain}: Fault, scene: Scene): Promise<Outcome> {
  const traps = [(await arrange?.(scene)) ?? []].flat();
  const sent = scene.send();
  const disturb = async () => during?.(scene, traps[0] ?? NO_TRAP, sent);
  // A job that ended too early is the reason for much that is waited for in vain.
  const disturbed = disturb().catch(async (error) => {
    const end = await Promise.race([sent, sleep(1000, 'nothing yet')]);
    throw new Error(`${error.message} The job came to ${JSON.stringify(end)}.`, {cause: error});
  });
  const [first] = await within('the row to end', Promise.all([sent, disturbed]), LONGEST);
  const outcome = sentAgain ? await scene.send() : first;
  const hits = traps.map((trap) => trap.hits());
  expect(hits, `nothing was disturbed: ${JSON.stringify(outcome)}`).not.toContain(0);
  calm(scene);
  return outcome;
}

const NO_TRAP: Trap = {hits: () => 0, met: Promise.reject(new Error('The row arranged no trap.'))};
NO_TRAP.met.catch(() => {});

/** Ends whatever lies in wait on a stage. */
export function calm({bucket, invoke, tools}: Stage): void {
  for (const disturbed of [bucket.proxy, invoke, tools]) disturbed.calm();
}
