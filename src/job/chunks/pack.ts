import {createHash} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {rm, stat} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {z} from 'zod';
import type {SegmentFile} from '../../model/segment-file.ts';
import {EngineUsage} from '../../model/usage.ts';

/** S3's largest object, 5 TB: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_BYTES = 5e12;

const PackedSegment = z.object({
  frames: z.int().min(1),
  bytes: z.int().min(1).max(MAX_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  hashes: z.array(z.string()).optional(),
  borders: z.object({first: z.string(), last: z.string()}).optional(),
});

/** The index in front of a pack: one line of JSON. */
export const PackIndex = z.object({
  /** The form of the pack. */
  schema: z.int().min(1),
  content: z.string(),
  start: z.int().min(0),
  end: z.int().min(1),
  /** Its segments, whose bytes follow each other after the line. */
  segments: z.array(PackedSegment).min(1),
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
export type PackIndex = z.infer<typeof PackIndex>;
export type PackedSegment = PackIndex['segments'][number];

/** The facts of a segment's file that its pack keeps. */
export async function describeSegment({path, frames, hashes, borders}: SegmentFile): Promise<PackedSegment> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  const {size} = await stat(path);
  return {
    frames,
    bytes: size,
    sha256: hash.digest('hex'),
    ...(hashes && {hashes}),
    ...(borders && {borders}),
  };
}

/** Writes a pack: its index, and then the files of its segments, which it removes. */
export async function writePack(path: string, index: PackIndex, files: readonly string[]): Promise<void> {
  const parts = async function* () {
    yield Buffer.from(`${JSON.stringify(index)}\n`);
    for (const file of files) {
      yield* createReadStream(file);
      await rm(file);
    }
  };
  await pipeline(Readable.from(parts(), {objectMode: false}), createWriteStream(path));
}
