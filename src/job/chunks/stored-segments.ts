import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {ByteReader} from '../../base/byte-reader.ts';
import {diskError, requireSpace} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {mp4} from '../../media/formats/formats.ts';
import {chunkPrefix, packRange} from '../../model/keys.ts';
import {type ChunkFile, type FrameFacts, joinFacts} from '../../model/segment-file.ts';
import {isNotFound} from '../../storage/json.ts';
import {garbledBy, SCHEMA} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';
import {type Cover, cover, type Range, type Use} from './cover.ts';
import {PackIndex} from './pack.ts';

/** Bytes of an index: an hour in one pack, with the hashes of all frames, has a fifth of them. */
const MAX_INDEX = 64e6;

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
  drawnBy: Pick<PackIndex, 'jobId' | 'used'>;
}

/** The stored segments of one content, as far as this process knows. */
export class StoredSegments {
  readonly #content: string;
  readonly #options: StoreOptions;
  #packs = new Map<string, StoredPack>();
  /** Keys of the packs that were there before this run. */
  readonly #earlier = new Set<string>();
  #listing: Promise<void> | undefined;

  constructor(content: string, options: StoreOptions) {
    this.#content = content;
    this.#options = options;
  }

  /** Lists what is there when a run begins. */
  async open(): Promise<void> {
    await this.refresh();
    for (const key of this.#packs.keys()) this.#earlier.add(key);
  }

  /** Lists again; callers at the same time share a listing. */
  refresh(): Promise<void> {
    this.#listing ??= this.#list().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  /** Notes a pack that a worker has stored. */
  add(pack: StoredPack): void {
    this.#packs.set(pack.key, pack);
    // It may replace one that was there before.
    this.#earlier.delete(pack.key);
  }

  /** The known packs that make up a chunk, and what is missing of it. */
  cover(chunk: SegmentsOf): Cover<StoredPack> {
    return cover(chunk, this.#packs.values());
  }

  /**
   * Fetches segments into one new file. It checks that the bytes are those that were stored. If they are not, the pack is removed,
   * so that no job trusts it again. Rejects with `ChunkMismatch`, or as the storage does.
   *
   * @param path of the new file
   */
  async fetch(uses: readonly Use<StoredPack>[], path: string): Promise<FetchedChunk> {
    const facts: FrameFacts[] = [];
    let [bytes, segmentsFound] = [0, 0];
    let drawnBy: FetchedChunk['drawnBy'] = {};
    await rm(path, {force: true});
    for (const use of uses) {
      const taken = await this.#fetchUse(use, path);
      facts.push(...taken.facts);
      bytes += taken.bytes;
      if (this.#earlier.has(use.of.key)) segmentsFound += taken.facts.length;
      drawnBy = taken.drawnBy;
    }
    const found = uses.every(({of}) => this.#earlier.has(of.key));
    return {...joinFacts(facts), path, bytes, found, segmentsFound, drawnBy};
  }

  /** Forgets the stored segments of a range, so that they are rendered again. */
  async discard({start, end}: Range): Promise<void> {
    const packs = [...this.#packs.values()].filter((one) => one.start < end && one.end > start);
    for (const {key} of packs) this.#packs.delete(key);
    const {storage, signal} = this.#options;
    if (packs.length > 0)
      await storage.delete(
        packs.map(({key}) => key),
        {signal},
      );
  }

  async #list(): Promise<void> {
    const {storage, signal} = this.#options;
    const packs = new Map<string, StoredPack>();
    for await (const {key} of storage.list(chunkPrefix(this.#content), {signal})) {
      const range = packRange(key);
      if (range) packs.set(key, {key, ...range});
    }
    // It may be older than a worker's answer.
    for (const [key, pack] of this.#packs) if (!packs.has(key)) packs.set(key, pack);
    this.#packs = packs;
  }

  async #fetchUse(use: Use<StoredPack>, path: string) {
    const {storage, signal} = this.#options;
    const source = await storage.get(use.of.key, {signal}).catch(async (error) => {
      throw isNotFound(error) ? await this.#distrust(use.of, 'nothing is there') : error;
    });
    try {
      const reader = new ByteReader(source);
      const index = await this.#readIndex(use.of, reader);
      return await this.#takeSegments(use, {reader, index, path});
    } catch (error) {
      throw signal.aborted ? signal.reason : diskError(error, path);
    } finally {
      source.destroy();
    }
  }

  async #readIndex(pack: StoredPack, reader: ByteReader): Promise<PackIndex> {
    const line = await reader.line(MAX_INDEX);
    const schema = line === undefined ? undefined : schemaOf(line);
    if (schema !== undefined && schema > SCHEMA)
      throw garbledBy(pack.key, {schema, bucket: this.#options.storage.bucket});
    const {data: index} = PackIndex.safeParse(line === undefined ? undefined : parse(line));
    const frames = index?.segments.reduce((sum, segment) => sum + segment.frames, 0);
    const isIt = index?.content === this.#content && index.start === pack.start && index.end === pack.end;
    if (!index || !isIt || frames !== pack.end - pack.start)
      throw await this.#distrust(pack, 'it has no such index');
    return index;
  }

  /** Writes those segments of a pack that are used to the end of a file. */
  async #takeSegments(
    {of, start, end}: Use<StoredPack>,
    {reader, index, path}: {reader: ByteReader; index: PackIndex; path: string},
  ) {
    const {segments, media, warnings, jobId, used} = index;
    const facts: FrameFacts[] = [];
    let at = index.start;
    let bytes = 0;
    for (const {frames, bytes: length, sha256, hashes, borders} of segments) {
      if (at >= end) break;
      const hash = createHash('sha256');
      let count = 0;
      const measured = async function* () {
        for await (const piece of reader.take(length)) {
          hash.update(piece);
          count += piece.length;
          yield piece;
        }
      };
      if (at < start) for await (const _ of measured());
      else {
        await requireSpace(dirname(path), {bytes: length, what: 'to fetch a chunk'});
        await pipeline(Readable.from(measured(), {objectMode: false}), createWriteStream(path, {flags: 'a'}));
        facts.push({
          frames,
          ...(hashes && {hashes}),
          ...(borders && {borders}),
          ...(media && {media}),
          ...(warnings && {warnings}),
        });
        bytes += length;
      }
      const frame = `the segment of frame ${at}`;
      if (count !== length)
        throw await this.#distrust(of, `${frame} has ${count} bytes instead of ${length}`);
      if (hash.digest('hex') !== sha256) throw await this.#distrust(of, `${frame} has other bytes`);
      at += frames;
    }
    if (end === of.end && !(await reader.ended()))
      throw await this.#distrust(of, 'more bytes follow than its index says');
    return {facts, bytes, drawnBy: {jobId, used}};
  }

  async #distrust({key}: StoredPack, found: string): Promise<RenderError> {
    const {storage} = this.#options;
    this.#packs.delete(key);
    await storage.delete([key]);
    return new RenderError(
      'ChunkMismatch',
      `"${key}" in ${storage.bucket} is not what was stored there: ${found}. It was removed, and its segments are rendered again.`,
    );
  }
}

/** The path of a chunk's file; each fetch has its own, since two copies of a chunk may be fetched at once. */
export const chunkPath = (directory: string, {start, end}: Range, copy: string): string =>
  join(directory, `${start}-${end}-${copy}.${mp4.chunkExtension}`);

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function schemaOf(line: string): number | undefined {
  const {schema} = (parse(line) ?? {}) as {schema?: unknown};
  return typeof schema === 'number' ? schema : undefined;
}
