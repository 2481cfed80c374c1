import {randomBytes, randomUUID} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {isFree} from '../support/storage.ts';
import {keyConformance} from './storage-keys.ts';
import {listingConformance} from './storage-listing.ts';
import {readingConformance} from './storage-reading.ts';
import {recordConformance} from './storage-records.ts';
import {signalConformance} from './storage-signals.ts';
import {streamConformance} from './storage-streams.ts';

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
    /** A storage, and a folder for this test alone. */
    const fresh = async () => ({storage: await make(), folder: `conformance/${randomUUID()}`});

    readingConformance(make);
    signalConformance(fresh, read);
    listingConformance(fresh);
    keyConformance(fresh);
    streamConformance(fresh);
    if (records) recordConformance(fresh, {conditionalWrites});

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

    it('gives an address the object can be read from', async () => {
      const {storage, folder} = await fresh();
      await storage.put(`${folder}/a film.mp4`, 'a film');
      const url = new URL(await storage.url(`${folder}/a film.mp4`, {expiresIn: 60}));
      const body = url.protocol === 'file:' ? await readFile(url) : await (await fetch(url)).bytes();
      expect(Buffer.from(body).toString()).toBe('a film');
    });
  });
}
