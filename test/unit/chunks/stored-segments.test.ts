import {expect, it} from 'vitest';
import {StoredSegments} from '../../../src/job/chunks/stored-segments.ts';
import {packKey} from '../../../src/model/keys.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import type {ListedObject, Storage} from '../../../src/storage/storage.ts';
import {scratch} from '../../support/processes.ts';

const {signal} = new AbortController();
const content = '0'.repeat(32);
const pack = (start: number, end: number) => ({key: packKey({content, start, end}), start, end});
const chunk = {start: 0, segments: [5, 5, 5]};

/** A storage whose listings wait, once they are read, until `answer` is called. */
function slow() {
  const storage = directoryStorage({root: scratch()});
  const waiting: (() => void)[] = [];
  const listing: Storage = {
    ...storage,
    async *list(...asked) {
      const found: ListedObject[] = [];
      for await (const object of storage.list(...asked)) found.push(object);
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield* found;
    },
  };
  const answer = async () => {
    while (waiting.length === 0) await new Promise(setImmediate);
    waiting.shift()?.();
  };
  return {storage: listing, answer};
}

it('a refresh shows what was stored before it was asked for, also beside one that runs', async () => {
  const {storage, answer} = slow();
  const stored = new StoredSegments(content, {storage, signal});
  const first = stored.refresh();
  // It has read the storage by the time that the pack comes.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await storage.put(pack(0, 5).key, 'x');
  const second = stored.refresh();
  await answer();
  await first;
  expect(stored.cover(chunk).frames).toBe(0);
  await answer();
  await second;
  expect(stored.cover(chunk).frames).toBe(5);
});

it('what a worker says while a listing runs stays, and what was discarded does not come back', async () => {
  const {storage, answer} = slow();
  await storage.put(pack(0, 5).key, 'x');
  const stored = new StoredSegments(content, {storage, signal});
  const discarding = stored.discard([{start: 0, end: 5}]);
  await answer();
  await discarding;
  const running = stored.refresh();
  await new Promise((resolve) => setTimeout(resolve, 50));
  stored.add(pack(5, 10));
  await answer();
  await running;
  expect(stored.cover(chunk).uses.map(({of}) => of.key)).toEqual([pack(5, 10).key]);
  expect(await storage.head(pack(0, 5).key)).toBeUndefined();
});

it('a pack that is no longer listed is forgotten', async () => {
  const storage = directoryStorage({root: scratch()});
  await storage.put(pack(0, 10).key, 'x');
  const stored = new StoredSegments(content, {storage, signal});
  await stored.open();
  expect(stored.cover(chunk).frames).toBe(10);
  await storage.delete([pack(0, 10).key]);
  await stored.refresh();
  expect(stored.cover(chunk).frames).toBe(0);
});
