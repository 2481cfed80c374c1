import {buffer} from 'node:stream/consumers';
import {listAll} from '../../src/storage/list-all.ts';
import {garble} from './support/disturbances.ts';
import {partialOf} from './support/events.ts';
import {type Fault, faults} from './support/faults.ts';
import {kill} from './support/kill.ts';
import type {Scene} from './support/scene.ts';
import {HOLD} from './support/tools.ts';

/** The keys of a job's packs and their bytes, first frame first. */
async function chunksOf({bucket, invoke, jobId}: Scene): Promise<{key: string; bytes: Buffer}[]> {
  const events = invoke.passed.map(({exchange}) => partialOf(exchange.body));
  const content = events.find((event) => event?.jobId === jobId)?.chunk?.content;
  const stored = await listAll(`chunks/${content}/`, {storage: bucket.direct});
  const keys = stored.map(({key}) => key).filter((key) => key.endsWith('.pack'));
  keys.sort((a, b) => startOf(a) - startOf(b));
  return Promise.all(keys.map(async (key) => ({key, bytes: await buffer(await bucket.direct.get(key))})));
}

const startOf = (key: string): number => Number(/(\d+)-\d+\.pack$/.exec(key)?.[1]);

/** A row in which a job dies when its chunks are stored, and something happens to them before it is sent again. */
const between = (
  name: string,
  happens: (scene: Scene, chunks: {key: string; bytes: Buffer}[]) => Promise<unknown>,
  rendered: number,
): Fault => ({
  name: `${name} before the job is sent again`,
  arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: HOLD}),
  during: async (scene, {met}) => {
    await met;
    await kill(scene, await scene.orchestrator());
    const chunks = await chunksOf(scene);
    if (chunks.length !== 3) throw new Error(`${chunks.length} chunks are stored.`);
    await happens(scene, chunks);
  },
  sentAgain: true,
  expect: {film: {rendered, reused: 3 - rendered}, again: rendered},
});

faults(
  'stored chunk',
  [
    between(
      'garbled',
      ({bucket}, [, chunk]) => bucket.direct.put(chunk?.key ?? '', garble(chunk?.bytes ?? Buffer.alloc(0))),
      1,
    ),
    between(
      'truncated',
      ({bucket}, [, chunk]) => bucket.direct.put(chunk?.key ?? '', chunk?.bytes.subarray(0, -100) ?? ''),
      1,
    ),
    between(
      'two swapped',
      async ({bucket}, [one, other]) => {
        await bucket.direct.put(one?.key ?? '', other?.bytes ?? '');
        await bucket.direct.put(other?.key ?? '', one?.bytes ?? '');
      },
      2,
    ),
    between('removed', ({bucket}, [, chunk]) => bucket.direct.delete([chunk?.key ?? '']), 1),
  ],
  {environment: {REVIDEO_DOUBLING: 'off'}},
);
