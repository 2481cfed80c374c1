import pLimit from 'p-limit';
import {expect, it} from 'vitest';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {isFree} from '../support/storage.ts';

/** When an object was written. */
const modified = expect.any(Date);

/** Keys that are listed and deleted. Part of `storageConformance`, whose `describe` it is called in. */
export function keyConformance(fresh: () => Promise<{storage: Storage; folder: string}>): void {
  const keysOf = async (storage: Storage, prefix: string) =>
    (await listAll(prefix, {storage})).map(({key}) => key);

  it('lists by prefix, also one that ends within a name, in the order of keys', async () => {
    const {storage, folder} = await fresh();
    const inOrder = ['B', 'a-b', 'a.b', 'a/10', 'a/9', 'a/b/c', 'a0', 'ab', 'b'].map(
      (key) => `${folder}/${key}`,
    );
    for (const key of inOrder.toReversed()) await storage.put(key, key);
    expect(await listAll(`${folder}/`, {storage})).toEqual(
      inOrder.map((key) => ({key, bytes: key.length, modified})),
    );
    expect(await keysOf(storage, `${folder}/a/`)).toEqual(inOrder.slice(3, 6));
    expect(await keysOf(storage, `${folder}/a`)).toEqual(inOrder.slice(1, 8));
    expect(await keysOf(storage, `${folder}/a/b`)).toEqual([`${folder}/a/b/c`]);
    expect(await listAll(`${folder}/none/`, {storage})).toEqual([]);
  });

  it('lists and deletes more keys than fit into one answer', async () => {
    const {storage, folder} = await fresh();
    const keys = Array.from({length: 1100}, (_, n) => `${folder}/${String(n).padStart(4, '0')}`);
    const limit = pLimit(32);
    await Promise.all(keys.map((key) => limit(() => storage.put(key, 'x'))));
    expect(await listAll(`${folder}/`, {storage})).toEqual(keys.map((key) => ({key, bytes: 1, modified})));
    await storage.delete(keys.slice(0, -1));
    expect(await keysOf(storage, `${folder}/`)).toEqual(keys.slice(-1));
  });

  it('deletes keys that are there, and does not mind those that are not', async () => {
    const {storage, folder} = await fresh();
    const [gone, kept] = [`${folder}/gone.mp4`, `${folder}/kept.mp4`];
    for (const key of [gone, kept]) await storage.put(key, 'x');
    await storage.delete([]);
    for (const _ of ['once', 'again']) await storage.delete([gone, `${folder}/never/was.mp4`]);
    await isFree(storage, gone);
    expect(await keysOf(storage, `${folder}/`)).toEqual([kept]);
  });
}
