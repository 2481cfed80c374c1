import {randomBytes, randomUUID} from 'node:crypto';
import {buffer} from 'node:stream/consumers';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {Storage} from '../../src/storage/storage.ts';

/** Parts of objects. Part of `storageConformance`, whose `describe` it is called in. */
export function readingConformance(make: () => Storage | Promise<Storage>): void {
  const stored = async (body: Uint8Array) => {
    const storage = await make();
    const key = `conformance/${randomUUID()}/object.bin`;
    await storage.put(key, body);
    return {storage, key};
  };

  it('gives the bytes from `start` to before `end`, as subarray counts them', async () => {
    const body = randomBytes(1000);
    const {storage, key} = await stored(body);
    const bound = fc.integer({min: 0, max: 1100});
    const holds = fc.asyncProperty(bound, fc.option(bound, {nil: undefined}), async (start, length) => {
      const end = length === undefined ? undefined : start + 1 + length;
      const read = await buffer(await storage.get(key, {range: {start, end}}));
      expect(read).toEqual(body.subarray(start, end));
    });
    const corners: [number, number | undefined][] = [
      ...([
        [0, 0],
        [999, 0],
        [0, 999],
        [1000, 0],
        [1000, undefined],
      ] as [number, number | undefined][]),
    ];
    await fc.assert(holds, {numRuns: 30, examples: corners});
  });

  it('gives nothing of an object without bytes, and says so when the key is free', async () => {
    const {storage, key} = await stored(Buffer.alloc(0));
    expect(await buffer(await storage.get(key, {range: {start: 0, end: 10}}))).toEqual(Buffer.alloc(0));
    const none = storage.get(`${key}.none`, {range: {start: 0, end: 10}});
    await expect(none).rejects.toMatchObject({name: 'StorageNotFound'});
  });

  it.each([
    [-1, 5],
    [0.5, 5],
    [5, 5],
    [5, 4],
    [0, Number.NaN],
  ])('refuses bytes %d to %d before it asks anybody', async (start, end) => {
    const storage = await make();
    const read = storage.get('conformance/none', {range: {start, end}});
    await expect(read).rejects.toMatchObject({
      name: 'Internal',
      message: expect.stringContaining(`${start}`),
    });
  });
}
