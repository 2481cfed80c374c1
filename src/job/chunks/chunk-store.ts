import {createHash, randomUUID} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {Transform} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {z} from 'zod';
import {diskError, requireSpace} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {cleanWarnings} from '../../base/warnings.ts';
import {mp4} from '../../media/formats/formats.ts';
import {withProviders} from '../../model/earlier-usage.ts';
import {type ChunkName, chunkKey, chunkPrefix, chunkRecordKey} from '../../model/keys.ts';
import type {ChunkFile} from '../../model/timeline.ts';
import {EngineUsage} from '../../model/usage.ts';
import {isNotFound} from '../../storage/json.ts';
import {listAll} from '../../storage/list-all.ts';
import {putFile} from '../../storage/put-file.ts';
import {putRecord, readRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/** S3's largest object, 5 TB: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_BYTES = 5e12;

/** The record beside a chunk's bytes. It is written after them, so a chunk is there when its record is. */
const ChunkFields = z.object({
  content: z.string(),
  start: z.int(),
  end: z.int(),
  /** The key of its bytes. */
  key: z.string(),
  bytes: z.int().min(1).max(MAX_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  frames: z.int(),
  hashes: z.array(z.string()).optional(),
  borders: z.object({first: z.string(), last: z.string()}).optional(),
  media: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        length: z.number().optional(),
        etag: z.string().optional(),
        modified: z.string().optional(),
        missing: z.boolean().optional(),
      }),
    )
    .optional(),
  warnings: z.array(z.string()).optional(),
  /** The job that it was drawn for, and the usage of the worker that drew it, up to then. */
  jobId: z.string().optional(),
  used: EngineUsage.optional(),
});
/** Reads schema 2 too. */
const ChunkRecord = z.preprocess(withProviders, ChunkFields);
export type ChunkRecord = z.infer<typeof ChunkRecord>;

interface StoreOptions {
  storage: Storage;
  signal: AbortSignal;
}

/** The job of a chunk, and the worker that renders it. */
interface DrawnBy {
  jobId: string;
  /** Its usage, read at the last moment. */
  own?: (() => EngineUsage) | undefined;
}

/** Puts a chunk's bytes into storage, and then its record. */
export async function putChunk(
  {content, start, end}: ChunkName,
  {path, frames, hashes, borders, media, warnings}: ChunkFile,
  {storage, signal, jobId, own}: StoreOptions & DrawnBy,
): Promise<ChunkRecord> {
  const name = {content, start, end};
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  const sha256 = hash.digest('hex');
  const {size: bytes} = await stat(path);
  const key = chunkKey(name, {sha256, extension: mp4.chunkExtension});
  await putFile(path, {storage, key, contentType: 'video/h264', signal});
  const said = warnings?.length ? {warnings: cleanWarnings(warnings)} : {};
  const drawn = {frames, hashes, borders, media, ...said, jobId, ...(own && {used: own()})};
  const record = {...name, key, bytes, sha256, ...drawn};
  await putRecord(chunkRecordKey(name), record, {storage, signal});
  return record;
}

/** The stored chunks of a content, by a listing, which may be older than the storage. */
export async function listChunks(
  content: string,
  {storage, signal}: StoreOptions,
): Promise<(name: ChunkName) => boolean> {
  const keys = new Set((await listAll(chunkPrefix(content), {storage, signal})).map(({key}) => key));
  return (name) => keys.has(chunkRecordKey(name));
}

/**
 * The record of a chunk that is there; undefined if it is not, or if its record is not one of this chunk. Rejects with
 * `StorageGarbled` for a record of a later version.
 */
export async function findChunk(
  {content, start, end}: ChunkName,
  {storage, signal}: StoreOptions,
): Promise<ChunkRecord | undefined> {
  const record = ChunkRecord.safeParse(
    await readRecord(chunkRecordKey({content, start, end}), {storage, signal}),
  );
  if (!record.success) return undefined;
  const {data} = record;
  const isThis = data.content === content && data.start === start && data.end === end;
  const isItsOwn = data.key === chunkKey({content, start, end}, {...data, extension: mp4.chunkExtension});
  return isThis && isItsOwn && data.frames === end - start ? data : undefined;
}

/**
 * Fetches a chunk's bytes into a separate file, since two copies of a chunk may be fetched at once. It checks
 * that they are the stored ones. If they are not, the chunk's record is removed, so that no job trusts it
 * again.
 *
 * Rejects with `ChunkMismatch`, or with what the storage rejects with.
 */
export async function fetchChunk(
  record: ChunkRecord,
  {directory, storage, signal}: StoreOptions & {directory: string},
): Promise<ChunkFile> {
  const {start, end} = record;
  const path = join(directory, `${start}-${end}-${randomUUID()}.${mp4.chunkExtension}`);
  await requireSpace(directory, {bytes: record.bytes, what: 'to fetch a chunk'});
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      bytes += piece.byteLength;
      done(null, piece);
    },
  });
  try {
    await pipeline(await storage.get(record.key, {signal}), measure, createWriteStream(path), {signal});
  } catch (error) {
    if (isNotFound(error)) throw await distrust(record, {storage, found: 'nothing'});
    await rm(path, {force: true});
    throw signal.aborted ? signal.reason : diskError(error, path);
  }
  if (bytes !== record.bytes) throw await distrust(record, {storage, found: `${bytes} bytes`});
  if (hash.digest('hex') !== record.sha256)
    throw await distrust(record, {storage, found: 'as many, but other bytes'});
  const {frames, hashes, borders, media, warnings} = record;
  return {
    path,
    frames,
    ...(hashes && {hashes}),
    ...(borders && {borders}),
    ...(media && {media}),
    ...(warnings && {warnings}),
  };
}

/** Forgets a chunk, so that it is rendered again. Its bytes are left to the storage's own ageing. */
export async function discardChunk(name: ChunkName, storage: Storage, signal?: AbortSignal): Promise<void> {
  await storage.delete([chunkRecordKey(name)], {signal});
}

async function distrust(
  record: ChunkRecord,
  {storage, found}: {storage: Storage; found: string},
): Promise<RenderError> {
  await discardChunk(record, storage);
  return new RenderError(
    'ChunkMismatch',
    `"${record.key}" in ${storage.bucket} is not the chunk that was put there: its record says ${record.bytes} bytes, found were ${found}.`,
  );
}
