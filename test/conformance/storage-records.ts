import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {RecordStore, Storage} from '../../src/storage/storage.ts';

/** Writers that count at the same time, and how far each counts. */
const [WRITERS, TIMES] = [20, 3];

/** Records that many replace at once. Part of `storageConformance`, where the storage has them. */
export function recordConformance(
  fresh: () => Promise<{storage: Storage; folder: string}>,
  {conditionalWrites}: {conditionalWrites: boolean},
): void {
  const stored = async () => {
    const {storage, folder} = await fresh();
    return {storage, records: storage.records as RecordStore, key: `${folder}/lease.json`};
  };
  const conflict = expect.objectContaining({name: 'StorageConflict', retryable: false});

  it('makes a record where the key is free, and reads it with its version', async () => {
    const {storage, records, key} = await stored();
    expect(await records.read(key)).toBeUndefined();
    const version = await records.replace(key, 'déjà vu', {version: undefined});
    expect(await records.read(key)).toEqual({text: 'déjà vu', version});
    expect(await text(await storage.get(key))).toBe('déjà vu');
    expect(await storage.head(key)).toEqual({key, bytes: 9});
  });

  it('replaces the version that is named, and gives the next', async () => {
    const {records, key} = await stored();
    const first = await records.replace(key, '1', {version: undefined});
    const second = await records.replace(key, '2', {version: first});
    expect(second).not.toBe(first);
    expect(await records.read(key)).toEqual({text: '2', version: second});
    const third = await records.replace(key, '3', {version: second});
    expect(await records.read(key)).toEqual({text: '3', version: third});
  });

  it('reads, and replaces, what `put` has written', async () => {
    const {storage, records, key} = await stored();
    await storage.put(key, 'put');
    const read = await records.read(key);
    expect(read?.text).toBe('put');
    await records.replace(key, 'replaced', {version: read?.version});
    expect((await records.read(key))?.text).toBe('replaced');
    await storage.delete([key]);
    expect(await records.read(key)).toBeUndefined();
    await records.replace(key, 'again', {version: undefined});
    expect((await records.read(key))?.text).toBe('again');
  });

  it('tells the time by a clock that goes on', async () => {
    const {records} = await stored();
    const before = await records.now();
    await sleep(1100);
    const passed = (await records.now()) - before;
    // S3 tells whole seconds.
    expect(passed).toBeGreaterThanOrEqual(1000);
    expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
  });

  it('does nothing for a caller who has gone', async () => {
    const {records, key} = await stored();
    const signal = AbortSignal.abort();
    const gone = {name: 'Aborted', retryable: false};
    await expect(records.replace(key, '1', {version: undefined, signal})).rejects.toMatchObject(gone);
    await expect(records.read(key, {signal})).rejects.toMatchObject(gone);
    await expect(records.now({signal})).rejects.toMatchObject(gone);
    expect(await records.read(key)).toBeUndefined();
  });

  if (!conditionalWrites) {
    it('ignores versions, which is why nothing that needs them can be shown here', async () => {
      const {records, key} = await stored();
      const first = await records.replace(key, '1', {version: undefined});
      await records.replace(key, '2', {version: first});
      await records.replace(key, '3', {version: first});
      expect((await records.read(key))?.text).toBe('3');
    });
    return;
  }

  describe('of a version that is not there any more', () => {
    it.each(['replaced', 'deleted', 'taken'])(
      'refuses one that is %s, and keeps what is there',
      async (how) => {
        const {storage, records, key} = await stored();
        const version = await records.replace(key, '1', {version: undefined});
        if (how === 'replaced') await records.replace(key, '2', {version});
        if (how === 'deleted') await storage.delete([key]);
        const late = records.replace(key, 'late', {version: how === 'taken' ? undefined : version});
        await expect(late).rejects.toEqual(conflict);
        await expect(late).rejects.toThrow(key);
        expect((await records.read(key))?.text).toBe({replaced: '2', taken: '1'}[how]);
      },
    );
  });

  it('lets one of twenty have a version, and the others know', async () => {
    const {records, key} = await stored();
    // All the same text: it is the write that wins, not what it says.
    for (const word of ['won', 'won again']) {
      const version = (await records.read(key))?.version;
      const writes = Array.from({length: WRITERS}, () => records.replace(key, word, {version}));
      const done = await Promise.allSettled(writes);
      const won = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(won).toHaveLength(1);
      const reasons = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(reasons).toEqual(Array(WRITERS - 1).fill(conflict));
      expect((await records.read(key))?.text).toBe(word);
    }
  });

  it('loses no count of twenty who count at once', async () => {
    const {records, key} = await stored();
    const count = async (): Promise<void> => {
      const read = await records.read(key);
      const next = String(Number(read?.text ?? 0) + 1);
      try {
        await records.replace(key, next, {version: read?.version});
      } catch (error) {
        if ((error as Error).name !== 'StorageConflict') throw error;
        await sleep(Math.random() * 20);
        await count();
      }
    };
    const counting = async () => {
      for (let n = 0; n < TIMES; n++) await count();
    };
    await Promise.all(Array.from({length: WRITERS}, counting));
    expect((await records.read(key))?.text).toBe(String(WRITERS * TIMES));
  });
}
