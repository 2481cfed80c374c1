import {setTimeout as sleep} from 'node:timers/promises';
import {
  answerHeld,
  gate,
  lostAfter,
  lostBefore,
  storesOften,
  twice,
  watched,
} from './support/disturbances.ts';
import {isWorker} from './support/events.ts';
import {faults} from './support/faults.ts';
import {drawing, freeze, kill, killWorker, PACK, SLOWLY, VICTIM} from './support/kill.ts';
import {writes} from './support/s3.ts';
import {appears} from './support/within.ts';

faults('worker', [
  {
    name: 'killed at its start',
    during: async (scene) => kill(scene, await scene.worker(VICTIM)),
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'killed while it draws',
    event: {wishes: SLOWLY},
    during: async (scene) => kill(scene, await drawing(await scene.worker(VICTIM))),
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'killed before it stores its chunk',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), gate().hold),
    during: killWorker,
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'killed when its chunk is stored, before it says so',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), answerHeld),
    during: killWorker,
    // The next one that looks finds the chunk, be it the job or another worker.
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: 'killed when some of its segments are stored: the next one draws the others alone',
    event: {wishes: {slow: 300}},
    arrange: ({bucket, invoke}) => [
      bucket.proxy.disturb(writes(/^chunks\/\w+\/15-20\.pack$/), watched),
      // Its successor stores the rest. A trap that catches nothing fails its row.
      bucket.proxy.disturb(writes(/^chunks\/\w+\/2[05]-30\.pack$/), watched),
      invoke.disturb(isWorker(VICTIM), storesOften),
    ],
    during: async (scene, trap) => {
      await trap.met;
      await sleep(300);
      await kill(scene, await scene.worker(VICTIM));
    },
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'all of them killed at once',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/^chunks\/.*\.pack$/), gate().hold, {last: 3}),
    during: async (scene, trap) => {
      await appears('three chunks that are to be stored', () => trap.hits() === 3 || undefined);
      const workers = await Promise.all([0, 1, 2].map(scene.worker));
      await Promise.all(workers.map((worker) => kill(scene, worker)));
    },
    expect: {film: {rendered: 3, retried: 3}, again: 3},
  },
  {
    name: 'killed at every attempt',
    during: async (scene) => {
      for (let attempt = 1; attempt <= 3; attempt++) await kill(scene, await scene.worker(VICTIM));
    },
    expect: {error: 'WorkerCrashed', afterwards: 'film'},
  },
  {
    name: 'hangs',
    event: {wishes: SLOWLY},
    during: async (scene) => freeze(await drawing(await scene.worker(VICTIM)), scene.says(/"finished"/)),
    expect: {film: {rendered: 3, doubled: 1}, again: 1},
  },
  {
    name: 'its event is lost on the way',
    arrange: ({invoke}) => invoke.disturb(isWorker(VICTIM), lostBefore),
    expect: {film: {rendered: 3, retried: 1}, again: 0},
  },
  {
    name: 'its answer is lost on the way',
    arrange: ({invoke}) => invoke.disturb(isWorker(VICTIM), lostAfter),
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: 'its event arrives twice',
    arrange: ({invoke}) => invoke.disturb(isWorker(VICTIM), twice),
    expect: {film: {rendered: 3}, again: 1},
  },
]);
