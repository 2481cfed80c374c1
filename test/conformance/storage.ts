import {randomBytes, randomUUID} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import fc from 'fast-check';
import pLimit from 'p-limit';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {stuckAfter} from '../support/storage.ts';
import {listingConformance} from './storage-listing.ts';
import {readingConformance} from './storage-reading.ts';
import {recordConformance} from './storage-records.ts';
import {signalConformance} from './storage-signals.ts';

/** The abilities of the storage under test, or of the server behind it. */
export interface StorageAbilities {
  /** Whether `ifAbsent` is honoured. Where it is not, that is asserted in its place. */
  conditionalWrites: boolean;
  /** Whether it has `records`; true by default. */
  records?: boolean;
}

const MiB = 1024 * 1024;
/** When an object was written. */
const modified = expect.any(Date);
const KEY_PART = fc.stringMatching(/^[A-Za-z0-9._-]{1,24}$/).filter((part) => !/^\.{1,2}$/.test(part));

/** Every storage passes this. `make` gives the storage, empty or not; each check keeps to keys of its own. */
export function storageConformance(
  name: string,
  make: () => Storage | Promise<Storage>,
  {conditionalWrites, records = true}: StorageAbilities,
): void {
  describe(`${name} as a Storage`, () => {
    const read = async (storage: Storage, key: string) => await buffer(await storage.get(key));
    const keysOf = async (storage: Storage, prefix: string) =>
      (await listAll(prefix, {storage})).map(({key}) => key);
    /** A storage, and a folder for this test alone. */
    const fresh = async () => ({storage: await make(), folder: `conformance/${randomUUID()}`});

    readingConformance(make);
    signalConformance(fresh, read);
    listingConformance(fresh);
    if (records) recordConformance(fresh, {conditionalWrites});

    const isFree = async (storage: Storage, key: string) => {
      expect(await storage.head(key)).toBeUndefined();
      expect(await listAll(key, {storage})).toEqual([]);
      await expect(storage.get(key)).rejects.toMatchObject({name: 'StorageNotFound', retryable: false});
    };

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['one byte', Buffer.from([0])],
      ['text', 'a film: déjà vu, 動画\n'],
      ['a view into a larger buffer', randomBytes(64).subarray(7, 19)],
      ['a plain Uint8Array', new Uint8Array([0, 255, 13, 10, 26])],
    ])('gives back %s, from memory and from a stream', async (_, body) => {
      const {storage, folder} = await fresh();
      const bytes = Buffer.from(body);
      await storage.put(`${folder}/memory.bin`, body, {contentType: 'video/mp4'});
      await storage.put(`${folder}/stream.bin`, Readable.from([body]), {contentType: 'video/mp4'});
      for (const key of [`${folder}/memory.bin`, `${folder}/stream.bin`]) {
        expect(await read(storage, key)).toEqual(bytes);
        expect(await storage.head(key)).toEqual({key, bytes: bytes.length});
      }
    });

    it('takes a word on how to show and to keep an object, whether or not it can heed it', async () => {
      const {storage, folder} = await fresh();
      const how = {contentDisposition: 'inline; filename="film.mp4"', storageClass: 'STANDARD'} as const;
      await storage.put(`${folder}/memory.mp4`, 'film', how);
      await storage.put(`${folder}/stream.mp4`, Readable.from(['film']), how);
      for (const name of ['memory', 'stream'])
        expect((await read(storage, `${folder}/${name}.mp4`)).toString()).toBe('film');
    });

    it('gives back any bytes under any plain key', async () => {
      const {storage, folder} = await fresh();
      const anyKey = fc.array(KEY_PART, {minLength: 1, maxLength: 4}).map((parts) => parts.join('/'));
      let run = 0;
      const holds = fc.asyncProperty(anyKey, fc.uint8Array({maxLength: 2000}), async (path, body) => {
        const key = `${folder}/${++run}/${path}`;
        await storage.put(key, body);
        expect(await read(storage, key)).toEqual(Buffer.from(body));
        expect(await listAll(`${folder}/${run}/`, {storage})).toEqual([{key, bytes: body.length, modified}]);
      });
      await fc.assert(holds, {numRuns: 25});
    });

    it('gives back a stream of 12 MB in odd pieces', async () => {
      const {storage, folder} = await fresh();
      const body = randomBytes(12_000_000);
      const pieces = function* () {
        for (let at = 0; at < body.length; at += 77_777) yield body.subarray(at, at + 77_777);
      };
      await storage.put(`${folder}/film.mp4`, Readable.from(pieces()));
      expect((await storage.head(`${folder}/film.mp4`))?.bytes).toBe(body.length);
      expect((await read(storage, `${folder}/film.mp4`)).equals(body)).toBe(true);
    });

    it('replaces what was there, and no reader sees a mixture', async () => {
      const {storage, folder} = await fresh();
      const key = `${folder}/film.mp4`;
      const version = (n: number) => Buffer.alloc((1 + (n % 2)) * 200_000, n);
      await storage.put(key, version(0));
      let writing = true;
      const reader = async () => {
        while (writing) {
          const seen = await read(storage, key);
          expect(seen.equals(version(seen[0] ?? -1))).toBe(true);
        }
      };
      const readers = Promise.all([reader(), reader()]);
      for (let n = 1; n <= 12; n++) await storage.put(key, n % 3 ? version(n) : Readable.from([version(n)]));
      writing = false;
      await readers;
      expect((await read(storage, key)).equals(version(12))).toBe(true);
    });

    const race = async () => {
      const {storage, folder} = await fresh();
      const key = `${folder}/won.json`;
      const bodies = Array.from({length: 8}, (_, n) => `writer ${n}`);
      const writes = bodies.map((body, n) =>
        storage.put(key, n % 2 ? body : Readable.from([body]), {ifAbsent: true}),
      );
      const outcomes = await Promise.allSettled(writes);
      const winners = bodies.filter((_, n) => outcomes[n]?.status === 'fulfilled');
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      return {storage, key, winners, reasons};
    };

    if (conditionalWrites) {
      it('lets exactly one of eight writers have a free key', async () => {
        const {storage, key, winners, reasons} = await race();
        expect(winners).toHaveLength(1);
        expect((await read(storage, key)).toString()).toBe(winners[0]);
        const taken = expect.objectContaining({name: 'StorageConflict', retryable: false});
        expect(reasons).toEqual(Array(7).fill(taken));
      });

      it('refuses a long stream for a taken key, and keeps what is there', async () => {
        const {storage, folder} = await fresh();
        const key = `${folder}/film.mp4`;
        const long = () => Readable.from([randomBytes(5 * MiB), randomBytes(5 * MiB)]);
        await storage.put(key, 'first', {ifAbsent: true});
        await expect(storage.put(key, long(), {ifAbsent: true})).rejects.toMatchObject({
          name: 'StorageConflict',
        });
        expect((await read(storage, key)).toString()).toBe('first');
        await storage.delete([key]);
        await storage.put(key, long(), {ifAbsent: true});
        expect((await storage.head(key))?.bytes).toBe(10 * MiB);
      });
    } else {
      it('ignores ifAbsent, which is why nothing that needs it can be shown here', async () => {
        const {winners, reasons} = await race();
        expect(winners).toHaveLength(8);
        expect(reasons).toEqual([]);
      });
    }

    it('says so when a key is free', async () => {
      const {storage, folder} = await fresh();
      await isFree(storage, `${folder}/nothing.mp4`);
      await storage.put(`${folder}/a/b.mp4`, 'b');
      await isFree(storage, `${folder}/a/b.mp4/c.mp4`);
      expect(await storage.head(`${folder}/a`)).toBeUndefined();
      await expect(storage.get(`${folder}/x.mp4`)).rejects.toThrow('x.mp4');
    });

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

    it('gives an address the object can be read from', async () => {
      const {storage, folder} = await fresh();
      await storage.put(`${folder}/a film.mp4`, 'a film');
      const url = new URL(await storage.url(`${folder}/a film.mp4`, {expiresIn: 60}));
      const body = url.protocol === 'file:' ? await readFile(url) : await (await fetch(url)).bytes();
      expect(Buffer.from(body).toString()).toBe('a film');
    });
  });
}
