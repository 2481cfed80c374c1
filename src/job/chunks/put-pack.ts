import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {diskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';
import {cleanWarnings} from '../../base/warnings.ts';
import {packKey} from '../../model/keys.ts';
import {joinFacts, type SegmentFile} from '../../model/segment-file.ts';
import type {EngineUsage} from '../../model/usage.ts';
import {putFile} from '../../storage/put-file.ts';
import {SCHEMA} from '../../storage/record.ts';
import {describeSegment, type PackIndex, writePack} from './pack.ts';
import type {StoredPack, StoreOptions} from './stored-segments.ts';

/** Why and by whom segments were drawn. */
interface PackContext extends StoreOptions {
  content: string;
  /** For files on the way; the caller removes it. */
  directory: string;
  jobId: string;
  /** The worker's usage, read at the last moment. */
  own?: (() => EngineUsage) | undefined;
}

/** Stores segments that follow each other as one pack. Removes their files. Rejects as the storage and the disk do. */
export async function putPack(
  files: readonly SegmentFile[],
  {content, directory, jobId, own, storage, signal}: PackContext,
): Promise<StoredPack & {bytes: number}> {
  const [first, last] = [files[0], files.at(-1)];
  if (!first || !last) throw new RenderError('Internal', 'A pack has a segment at least.');
  const {start} = first;
  const {end} = last;
  const segments = [];
  for (const file of files) {
    signal.throwIfAborted();
    segments.push(await describeSegment(file));
  }
  const {media, warnings = []} = joinFacts(files);
  const key = packKey({content, start, end});
  const index: PackIndex = {
    schema: SCHEMA,
    content,
    start,
    end,
    segments,
    jobId,
    ...(media && {media}),
    ...(warnings.length > 0 && {warnings: cleanWarnings(warnings)}),
    ...(own && {used: own()}),
  };
  const path = join(directory, `${start}-${end}.pack`);
  try {
    await writePack(
      path,
      index,
      files.map(({path}) => path),
    );
    await putFile(path, {storage, key, contentType: 'application/octet-stream', signal});
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await rm(path, {force: true});
  }
  return {key, start, end, bytes: segments.reduce((sum, {bytes}) => sum + bytes, 0)};
}
