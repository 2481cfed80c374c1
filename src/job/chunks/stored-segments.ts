import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {diskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {mp4} from '../../media/formats/formats.ts';
import {chunkPrefix, packRange} from '../../model/keys.ts';
import {type ChunkFile, type FrameFacts, joinFacts} from '../../model/segment-file.ts';
import {isNotFound} from '../../storage/json.ts';
import type {Storage} from '../../storage/storage.ts';
import {type Cover, cover, type Range, type Use} from './cover.ts';
import {readPack, type TakenSegments, WrongPack} from './read-pack.ts';

/** A pack in storage. */
export interface StoredPack extends Range {
  key: string;
}

/** Where packs are stored. */
export interface StoreOptions {
  storage: Storage;
  signal: AbortSignal;
}

/** The order of a chunk, as far as its segments go. */
interface SegmentsOf {
  start: number;
  segments: readonly number[];
}

/** A chunk that was fetched. */
export interface FetchedChunk extends ChunkFile {
  bytes: number;
  /** Whether all of it was stored before this run. */
  found: boolean;
  /** How many of its segments were. */
  segmentsFound: number;
  /** The job that its last segments were drawn for, and the usage of their worker, up to then. */
  drawnBy: TakenSegments['drawnBy'];
}

/** The stored segments of one content, as far as this process knows. */
export class StoredSegments {
  readonly #content: string;
  readonly #options: StoreOptions;
  #packs = new Map<string, StoredPack>();
  /** Keys of the packs that were there before this run. */
  readonly #earlier = new Set<string>();
  /** The listing that runs. */
  #running: Promise<void> = Promise.resolve();
  /** The listing that has not begun yet. */
  #next: Promise<void> | undefined;
  /** Keys of packs that came and went while a listing runs, which may be older. */
  readonly #since = {added: new Set<string>(), removed: new Set<string>()};

  constructor(content: string, options: StoreOptions) {
    this.#content = content;
    this.#options = options;
  }

  /** Lists what is there when a run begins. */
  async open(): Promise<void> {
    await this.refresh();
    for (const key of this.#packs.keys()) this.#earlier.add(key);
  }

  /** Lists again. Callers share a listing that begins after they have called. */
  refresh(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#running = this.#list();
        this.#next = undefined;
        return this.#running;
      });
    return this.#next;
  }

  /** Notes a pack that a worker has stored. */
  add(pack: StoredPack): void {
    this.#packs.set(pack.key, pack);
    this.#since.added.add(pack.key);
    // It may replace one that was there before.
    this.#earlier.delete(pack.key);
  }

  /** The known packs that make up a chunk, and what is missing of it. */
  cover(chunk: SegmentsOf): Cover<StoredPack> {
    return cover(chunk, this.#packs.values());
  }

  /**
   * Fetches segments into one new file. It checks that the bytes are those that were stored. If they are not, the pack is removed,
   * so that no job trusts it again. Rejects with `ChunkMismatch`, or as the storage and the disk do; no file is left then.
   *
   * @param path of the new file
   */
  async fetch(uses: readonly Use<StoredPack>[], path: string): Promise<FetchedChunk> {
    const facts: FrameFacts[] = [];
    const runs: NonNullable<ChunkFile['runs']> = [];
    let [bytes, segmentsFound] = [0, 0];
    let drawnBy: FetchedChunk['drawnBy'] = {};
    try {
      for (const use of uses) {
        const taken = await this.#fetchUse(use, path);
        runs.push({offset: bytes, bytes: taken.bytes, ...joinFacts(taken.facts)});
        facts.push(...taken.facts);
        bytes += taken.bytes;
        if (this.#earlier.has(use.of.key)) segmentsFound += taken.facts.length;
        drawnBy = taken.drawnBy;
      }
    } catch (error) {
      await rm(path, {force: true});
      throw error;
    }
    const found = uses.every(({of}) => this.#earlier.has(of.key));
    return {...joinFacts(facts), path, runs, bytes, found, segmentsFound, drawnBy};
  }

  /** Forgets the stored segments of ranges, so that they are rendered again. */
  async discard(ranges: readonly Range[]): Promise<void> {
    // Workers that were given up may have stored some, too.
    await this.refresh();
    const isOld = (pack: Range) => ranges.some(({start, end}) => pack.start < end && pack.end > start);
    const keys = [...this.#packs.values()].filter(isOld).map(({key}) => key);
    for (const key of keys) this.#forget(key);
    const {storage, signal} = this.#options;
    if (keys.length > 0) await storage.delete(keys, {signal});
  }

  #forget(key: string): void {
    this.#packs.delete(key);
    this.#earlier.delete(key);
    this.#since.removed.add(key);
  }

  async #list(): Promise<void> {
    const {storage, signal} = this.#options;
    const {added, removed} = this.#since;
    added.clear();
    removed.clear();
    const packs = new Map<string, StoredPack>();
    for await (const {key} of storage.list(chunkPrefix(this.#content), {signal})) {
      const range = packRange(key);
      if (range) packs.set(key, {key, ...range});
    }
    for (const key of removed) packs.delete(key);
    for (const key of added) {
      const pack = this.#packs.get(key);
      if (pack) packs.set(key, pack);
    }
    this.#packs = packs;
  }

  async #fetchUse(use: Use<StoredPack>, path: string): Promise<TakenSegments> {
    const {storage, signal} = this.#options;
    const {key} = use.of;
    const wrong = (how: string) => {
      this.#forget(key);
      return new RenderError(
        'ChunkMismatch',
        `"${key}" in ${storage.bucket} is not what was stored there: ${how}. Its segments are rendered again.`,
      );
    };
    const source = await storage.get(key, {signal}).catch((error) => {
      throw isNotFound(error) ? wrong('nothing is there') : error;
    });
    try {
      return await readPack(source, {use, content: this.#content, path, bucket: storage.bucket});
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof WrongPack)) throw diskError(error, path);
      await storage.delete([key]);
      throw wrong(error.message);
    } finally {
      source.destroy();
    }
  }
}

/** The path of a chunk's file; each fetch has its own, since two copies of a chunk may be fetched at once. */
export const chunkPath = (directory: string, {start, end}: Range, copy: string): string =>
  join(directory, `${start}-${end}-${copy}.${mp4.chunkExtension}`);
