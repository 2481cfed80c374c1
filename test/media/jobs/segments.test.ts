import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {pause} from '../../../src/base/pause.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {drawn, film, send, storage, watched} from '../../support/jobs.ts';
import {FRAMES, inProcess} from '../../support/test-picture.ts';

const filmBytes = (jobId: string) => readFile(join(storage.bucket, `renders/${jobId}.mp4`));
const packs = async () =>
  (await listAll('chunks/', {storage})).map(({key}) => /(\d+-\d+)\.pack$/.exec(key)?.[1]).toSorted();

it('a job with another number of workers draws nothing that is stored', async () => {
  await send({jobId: 'three'});
  for (const numWorkers of [1, 5, FRAMES]) {
    drawn.length = 0;
    const result = await send({jobId: `with-${numWorkers}`, numWorkers});
    expect(drawn).toEqual([]);
    expect(result).toMatchObject({chunks: {rendered: 0, reused: numWorkers}, segmentsReused: FRAMES});
    expect((await filmBytes(`with-${numWorkers}`)).equals(await filmBytes('three'))).toBe(true);
  }
});

it('a job whose chunks are partly stored draws the smallest run of segments around those that are not', async () => {
  await send({jobId: 'three'});
  const [, , middle] = await listAll('chunks/', {storage});
  await storage.delete([middle?.key ?? '']);
  drawn.length = 0;
  expect(await packs()).toEqual(['0-7', '15-23']);
  const result = await send({jobId: 'two', numWorkers: 2});
  expect(result).toMatchObject({chunks: {rendered: 2, reused: 0}, segmentsReused: FRAMES - 8});
  expect(drawn.toSorted()).toEqual(['11-15', '7-11']);
  expect(await packs()).toEqual(['0-7', '11-15', '15-23', '7-11']);
});

it('chunks that an earlier version stored are drawn again, and left alone', async () => {
  await send({jobId: 'three'});
  const [pack] = await listAll('chunks/', {storage});
  const folder = pack?.key.slice(0, pack.key.lastIndexOf('/') + 1);
  const old = [`${folder}0-7.json`, `${folder}0-7-${'a'.repeat(16)}.h264`];
  for (const key of old) await storage.put(key, '{"schema": 2, "start": 0, "end": 7, "frames": 7}');
  await storage.delete(
    (await listAll('chunks/', {storage})).map(({key}) => key).filter((key) => key.endsWith('.pack')),
  );
  drawn.length = 0;
  expect(await send({jobId: 'again'})).toMatchObject({chunks: {rendered: 3, reused: 0}});
  expect(drawn.toSorted()).toEqual(['0-7', '15-23', '7-15']);
  expect((await listAll('chunks/', {storage})).map(({key}) => key)).toEqual(expect.arrayContaining(old));
});

it('packs that vanish while a job runs cost no attempt, however many they are', async () => {
  await send({jobId: 'many', numWorkers: FRAMES});
  const keys = (await listAll('chunks/', {storage})).map(({key}) => key);
  drawn.length = 0;
  const vanishing: Storage = {
    ...storage,
    async *list(prefix, options) {
      yield* storage.list(prefix, options);
      // As soon as they are listed.
      if (prefix.startsWith('chunks/')) await storage.delete(keys.slice(0, 12));
    },
  };
  const result = await send({jobId: 'one', numWorkers: 1}, {storage: vanishing, attempts: 1});
  expect(result).toMatchObject({chunks: {rendered: 1, retried: 0}});
  expect(drawn).toHaveLength(1);
});

it('a worker that fails loses only the segment that it was at: the next attempt draws the rest', async () => {
  const real = watched();
  let failures = 1;
  const renderer: Renderer = {
    ...real,
    async *render(order, options) {
      for await (const segment of real.render(order, options)) {
        if (segment.start === 10 && failures-- > 0) throw new RenderError('BrowserCrashed', 'gone');
        yield segment;
      }
    },
  };
  const result = await send({}, {renderer});
  expect(drawn.toSorted()).toEqual(['0-7', '10-15', '15-23', '7-15']);
  expect(result).toMatchObject({chunks: {rendered: 3, retried: 1}});
  expect(await packs()).toEqual(['0-7', '10-15', '15-23', '7-10']);
  expect(await film()).toBe(FRAMES);
});

it('a late worker that goes on keeps some of its segments, and another one draws the others', async () => {
  const real = watched();
  const given: string[] = [];
  const renderer: Renderer = {
    ...real,
    // Three seconds a frame, where the others take none. Its helper is as fast as they are.
    async *render(order, options) {
      const isLate = order.end === FRAMES && order.start === 15 && drawn.every((one) => one !== '15-23');
      let frames = 0;
      for await (const segment of real.render(order, options)) {
        if (isLate) await pause(3_000, options.signal);
        options.onFrames?.(++frames);
        given.push(`${isLate ? 'late' : 'other'} ${segment.start}`);
        yield segment;
      }
    },
  };
  const here = inProcess({renderer, storage});
  const engine: Engine = {...here, capacity: () => 30};
  const result = await send({}, {renderer, engine});
  expect(result).toMatchObject({chunks: {rendered: 3, retried: 0, doubled: 1}});
  expect(await film()).toBe(FRAMES);
  const last = given.filter((one) => Number(one.split(' ')[1]) >= 15);
  const late = last.filter((one) => one.startsWith('late'));
  const helper = last.filter((one) => one.startsWith('other'));
  expect(helper.length).toBeGreaterThan(0);
  // The worker may have begun one more segment before it sees its new end.
  expect(late.length + helper.length).toBeLessThanOrEqual(FRAMES - 15 + 1);
});
