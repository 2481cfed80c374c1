import {type Gate, gate, s3Answers} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {BYTES, freeze} from './support/kill.ts';
import type {Trap} from './support/proxy.ts';
import {writes} from './support/s3.ts';
import type {Outcome, Scene} from './support/scene.ts';

/** Whoever was taken over waits for the film as all others do. */
function seeFinished({result, error}: Outcome): void {
  if (result?.state !== 'finished') throw new Error(`Not finished: ${JSON.stringify(error)}`);
}

/** The first writing of a chunk waits until another run of the job is through. */
let held: Gate;
const holdChunk = ({bucket}: Scene): Trap => {
  held = gate();
  return bucket.proxy.disturb(writes(BYTES), held.hold);
};

faults(
  'takeover',
  [
    {
      name: 'the job hangs, another takes it over, and it wakes when the film is there',
      arrange: holdChunk,
      during: async ({orchestrator, invokeOnce, event}, {met}, first) => {
        await met;
        const other = orchestrator().then((environment) => freeze(environment, invokeOnce(event)));
        await other.finally(() => held.open());
        seeFinished(await first);
      },
      sentAgain: true,
      expect: {film: {rendered: 1, reused: 2}, again: 1},
    },
    {
      name: "the job's signs of life are lost, and another takes it over while it works",
      arrange: (scene) => [
        holdChunk(scene),
        scene.bucket.proxy.disturb(writes(/\/0001\/beat\.json$/), s3Answers(503, 'SlowDown'), {
          last: Infinity,
        }),
      ],
      during: async ({invokeOnce, event}, {met}, first) => {
        await met;
        const other = invokeOnce(event);
        seeFinished(await first);
        await other.finally(() => held.open());
      },
      sentAgain: true,
      expect: {film: {rendered: 1, reused: 2}, again: 1},
    },
    {
      name: "the job's signs of life are lost, and nobody minds",
      arrange: ({bucket}) =>
        bucket.proxy.disturb(writes(/\/beat\.json$/), s3Answers(503, 'SlowDown'), {last: Infinity}),
      expect: {film: {rendered: 3, retried: 0}, again: 0},
    },
  ],
  {environment: {REVIDEO_DOUBLING: 'off'}},
);
