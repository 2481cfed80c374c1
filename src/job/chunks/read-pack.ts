import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {dirname} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {ByteReader} from '../../base/byte-reader.ts';
import {requireSpace} from '../../base/disk.ts';
import type {FrameFacts} from '../../model/segment-file.ts';
import {garbledBy, SCHEMA} from '../../storage/record.ts';
import type {Range, Use} from './cover.ts';
import {PackIndex} from './pack.ts';

/** Bytes of an index: an hour in one pack, with the hashes of all frames, has a fifth of them. */
const MAX_INDEX = 64e6;

/** A stored object is not the pack that its key says. The message says in which way. */
export class WrongPack extends Error {}

/** Which pack is read, and where its segments go. */
interface PackRead {
  use: Use<Range & {key: string}>;
  content: string;
  /** The file to whose end the segments are written. */
  path: string;
  /** The bucket's name, for a message. */
  bucket: string;
}

/** Segments that were written. */
export interface TakenSegments {
  /** The facts of each. */
  facts: FrameFacts[];
  bytes: number;
  drawnBy: Pick<PackIndex, 'jobId' | 'used'>;
}

/**
 * Reads a pack, and writes those of its segments that are used to a file. It checks that all bytes are those that were stored.
 * Rejects with `WrongPack`, with `StorageGarbled` for a pack of a later version, or as the stream and the disk do.
 */
export async function readPack(source: Readable, read: PackRead): Promise<TakenSegments> {
  const reader = new ByteReader(source);
  const index = await readIndex(reader, read);
  const taken = await takeSegments(reader, {...read, index});
  const {of, start, end} = read.use;
  if (taken.facts.reduce((sum, {frames}) => sum + frames, 0) !== end - start)
    throw new WrongPack('its segments have other borders');
  if (end === of.end && !(await reader.ended())) throw new WrongPack('more bytes follow than its index says');
  const {jobId, used} = index;
  return {...taken, drawnBy: {jobId, used}};
}

async function readIndex(
  reader: ByteReader,
  {use: {of}, content, bucket}: Omit<PackRead, 'path'>,
): Promise<PackIndex> {
  const said = parse((await reader.line(MAX_INDEX)) ?? '');
  const {schema} = (said ?? {}) as {schema?: unknown};
  if (typeof schema === 'number' && schema > SCHEMA) throw garbledBy(of.key, {schema, bucket});
  const {data: index} = PackIndex.safeParse(said);
  const frames = index?.segments.reduce((sum, segment) => sum + segment.frames, 0);
  const isIt = index?.content === content && index.start === of.start && index.end === of.end;
  if (!index || !isIt || frames !== of.end - of.start) throw new WrongPack('it has no such index');
  return index;
}

async function takeSegments(
  reader: ByteReader,
  {use: {start, end}, index, path}: PackRead & {index: PackIndex},
): Promise<Pick<TakenSegments, 'facts' | 'bytes'>> {
  const {segments, media, warnings} = index;
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
    const name = `the segment of frame ${at}`;
    if (count !== length) throw new WrongPack(`${name} has ${count} bytes instead of ${length}`);
    if (hash.digest('hex') !== sha256) throw new WrongPack(`${name} has other bytes`);
    at += frames;
  }
  return {facts, bytes};
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
