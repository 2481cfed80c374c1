import {type Gate, gate, watched} from './support/disturbances.ts';
import {type Fault, faults} from './support/faults.ts';
import {PACK, SLOWLY} from './support/kill.ts';
import {writes} from './support/s3.ts';
import type {Scene} from './support/scene.ts';
import {HOLD} from './support/tools.ts';

/** Cancels, and sees that the job says it is. */
async function cancel(scene: Scene): Promise<void> {
  const {result, error} = (await scene.cancel()) ?? {};
  if (result?.state !== 'cancelled') throw new Error(`Not cancelled: ${JSON.stringify(result ?? error)}`);
}

/** A row that cancels while the writing of something is held up. */
const whileWriting = (name: string, key: RegExp): Fault => {
  let held: Gate;
  return {
    name,
    arrange: ({bucket}) => {
      held = gate();
      return bucket.proxy.disturb(writes(key), held.hold);
    },
    during: async (scene, {met}) => {
      await met;
      await cancel(scene).finally(() => held.open());
    },
    expect: {error: 'Cancelled', afterwards: 'Cancelled', again: 0},
  };
};

faults('cancel', [
  {
    name: 'while the job is planned',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/\/claim\.json$/), watched),
    during: async (scene, {met}) => {
      await met;
      await cancel(scene);
    },
    expect: {error: 'Cancelled', afterwards: 'Cancelled', again: [-3, 0]},
  },
  {
    name: 'while workers draw',
    event: {wishes: SLOWLY},
    during: async (scene) => {
      await scene.worker(2);
      await cancel(scene);
    },
    expect: {error: 'Cancelled', afterwards: 'Cancelled', again: [-2, 0]},
  },
  whileWriting('while a chunk is stored', PACK),
  {
    name: 'while the film is merged',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: HOLD}),
    during: async (scene, {met}) => {
      await met;
      await cancel(scene).finally(() => scene.tools.letGo());
    },
    expect: {error: 'Cancelled', afterwards: 'Cancelled', again: 0},
  },
  whileWriting('before the film is stored', /^renders\//),
]);
