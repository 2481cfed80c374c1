import {randomBytes} from 'node:crypto';
import {Readable} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {isFree, stuckAfter} from '../support/storage.ts';

const MiB = 1024 * 1024;

/** Streams that fail, are stuck or are given up. Part of `storageConformance`, whose `describe` it is called in. */
export function streamConformance(fresh: () => Promise<{storage: Storage; folder: string}>): void {
  it.each([
    ['before its first byte', 0],
    ['within the first megabyte', 0.5 * MiB],
    ['in the middle of a long one', 9 * MiB],
  ])('leaves nothing of a stream that fails %s, and passes its error on', async (_, bytes) => {
    const {storage, folder} = await fresh();
    const failure = new RenderError('FfmpegFailed', 'ffmpeg ended with 1');
    const failing = async function* () {
      if (bytes > 0) yield randomBytes(bytes);
      await sleep(1);
      throw failure;
    };
    await expect(storage.put(`${folder}/half.mp4`, Readable.from(failing()))).rejects.toBe(failure);
    await isFree(storage, `${folder}/half.mp4`);
  });

  it('leaves nothing of a stream that failed, or was closed, before it could be read', async () => {
    const {storage, folder} = await fresh();
    const failure = new Error('no such clip');
    const [failed, closed] = [new Readable().destroy(failure), new Readable().destroy()];
    await expect(storage.put(`${folder}/failed.mp4`, failed)).rejects.toBe(failure);
    await expect(storage.put(`${folder}/closed.mp4`, closed)).rejects.toThrow(/premature close/i);
    expect(await listAll(`${folder}/`, {storage})).toEqual([]);
  });

  it.each([
    ['a short stream', 1000],
    ['a long stream', 9 * MiB],
  ])('stops writing %s that is stuck when it is told to, and leaves nothing', async (_, bytes) => {
    const {storage, folder} = await fresh();
    const caller = new AbortController();
    const body = Readable.from(stuckAfter(bytes, () => setTimeout(() => caller.abort(), 100)));
    const put = storage.put(`${folder}/half.mp4`, body, {signal: caller.signal});
    await expect(put).rejects.toMatchObject({name: 'Aborted', retryable: false});
    await isFree(storage, `${folder}/half.mp4`);
  });

  it('does not begin for a caller who has gone', async () => {
    const {storage, folder} = await fresh();
    const signal = AbortSignal.abort();
    for (const body of ['text', Readable.from(['text']), Readable.from([randomBytes(9 * MiB)])])
      await expect(storage.put(`${folder}/a.mp4`, body, {signal})).rejects.toMatchObject({name: 'Aborted'});
    await isFree(storage, `${folder}/a.mp4`);
  });

  it('stops reading when it is told to', async () => {
    const {storage, folder} = await fresh();
    await storage.put(`${folder}/film.mp4`, Readable.from([randomBytes(9 * MiB)]));
    const caller = new AbortController();
    const stream = await storage.get(`${folder}/film.mp4`, {signal: caller.signal});
    const reading = async () => {
      for await (const _ of stream) caller.abort();
    };
    await expect(reading()).rejects.toMatchObject({name: 'Aborted'});
  });
}
