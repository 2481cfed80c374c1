import {expect, it} from 'vitest';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';

/** Listings, which come object by object. Part of `storageConformance`, whose `describe` it is called in. */
export function listingConformance(fresh: () => Promise<{storage: Storage; folder: string}>): void {
  /** As they come: `listAll` would sort them. */
  const keysOf = async (listing: AsyncIterable<{key: string}>) => {
    const keys: string[] = [];
    for await (const {key} of listing) keys.push(key);
    return keys;
  };

  /** Three levels, in the order of their bytes; of each name one sorts before "/", and one behind it. */
  const filled = async () => {
    const {storage, folder} = await fresh();
    const keys = ['a', 'b-c/1', 'b/1', 'b/2/x', 'b/2/y', 'b/3', 'b0', 'é', '動画'].map(
      (key) => `${folder}/${key}`,
    );
    for (const key of keys.toReversed()) await storage.put(key, key);
    return {storage, folder, keys};
  };

  it('lists in the order of keys, by their bytes in UTF-8', async () => {
    const {storage, folder, keys} = await filled();
    expect(await keysOf(storage.list(`${folder}/`))).toEqual(keys);
  });

  it('lists what comes after a key, whether or not that is there', async () => {
    const {storage, folder, keys} = await filled();
    for (const [index, after] of keys.entries())
      expect(await keysOf(storage.list(`${folder}/`, {after}))).toEqual(keys.slice(index + 1));
    expect(await keysOf(storage.list(`${folder}/`, {after: `${folder}/b/2/xx`}))).toEqual(keys.slice(4));
    expect(await keysOf(storage.list(`${folder}/b/`, {after: `${folder}/a`}))).toEqual(keys.slice(2, 6));
  });

  it('asks for nothing before the first object is, and ends when it is left', async () => {
    const {storage, folder, keys} = await filled();
    const listing = storage.list(`${folder}/`);
    await storage.delete(keys.slice(0, 2));
    const seen: string[] = [];
    for await (const {key} of listing) {
      seen.push(key);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(keys.slice(2, 5));
  });

  it('ends when its caller goes in the middle', async () => {
    const {storage, folder, keys} = await filled();
    const caller = new AbortController();
    let seen = 0;
    const read = async () => {
      for await (const _ of storage.list(`${folder}/`, caller)) if (++seen === 3) caller.abort();
    };
    await expect(read()).rejects.toMatchObject({name: 'Aborted', retryable: false});
    expect(seen).toBe(3);
    expect(await listAll(`${folder}/`, {storage})).toHaveLength(keys.length);
  });
}
