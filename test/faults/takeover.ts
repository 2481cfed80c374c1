import {type Gate, gate, meeting, s3Answers} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {freeze, kill, PACK, VICTIM} from './support/kill.ts';
import type {Trap} from './support/proxy.ts';
import {writes} from './support/s3.ts';
import type {Outcome, Scene} from './support/scene.ts';

/** The run that was taken over waits for the film as all others do. */
function seeFinished(outcome: Outcome | undefined): void {
  const {result, error} = outcome ?? {};
  if (result?.state !== 'finished') throw new Error(`Not finished: ${JSON.stringify(error)}`);
}

/** The first writing of a chunk waits until another run of the job is through. */
let held: Gate;
const holdChunk = ({bucket}: Scene): Trap => {
  held = gate();
  return bucket.proxy.disturb(writes(PACK), held.hold);
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
      name: 'the job dies, and two take it over at the same moment',
      arrange: (scene) => [
        holdChunk(scene),
        scene.bucket.proxy.disturb(writes(/\/0002\/claim\.json$/), meeting(2), {last: 2}),
      ],
      during: async (scene, {met}) => {
        await met;
        const worker = await scene.worker(VICTIM);
        await kill(scene, await scene.orchestrator());
        // The job no longer needs its worker, so that one goes too.
        await kill(scene, worker);
        const both = await Promise.all([scene.invokeOnce(scene.event), scene.invokeOnce(scene.event)]);
        both.forEach(seeFinished);
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
