import {randomBytes} from 'node:crypto';
import {Readable} from 'node:stream';
import {expect} from 'vitest';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';

/** Every method once, so that what is true of one is shown to be true of all. */
export const everyMethod = (of: Storage): Record<string, () => Promise<unknown>> => ({
  put: () => of.put('a.mp4', 'a'),
  'put of a stream': () => of.put('a.mp4', Readable.from(['a'])),
  'put of a long stream': () => of.put('a.mp4', Readable.from([randomBytes(9 * 1024 * 1024)])),
  get: () => of.get('a.mp4'),
  head: () => of.head('a.mp4'),
  list: () => listAll('a', {storage: of}),
  delete: () => of.delete(['a.mp4']),
  'read of a record': async () => of.records?.read('a.json'),
  'replace of a record': async () => of.records?.replace('a.json', 'a', {version: undefined}),
  'now of the records': async () => of.records?.now(),
});

/** Gives this many bytes and is then stuck forever; `then` is called when they have been taken. */
export async function* stuckAfter(bytes: number, then: () => void) {
  yield randomBytes(bytes);
  then();
  await new Promise(() => {});
}

/** Checks that a key is free for every way to ask. */
export async function isFree(storage: Storage, key: string): Promise<void> {
  expect(await storage.head(key)).toBeUndefined();
  expect(await listAll(key, {storage})).toEqual([]);
  await expect(storage.get(key)).rejects.toMatchObject({name: 'StorageNotFound', retryable: false});
}
