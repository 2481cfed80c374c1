import {RenderError} from '../base/errors.ts';
import {putJson, readJson} from './json.ts';
import type {PutOptions, Storage} from './storage.ts';

/**
 * The form of all records that this version keeps: of jobs, and of chunks. A version that writes them so that an older one
 * would misread them counts on. 1 (unwritten): hashes of variables depend on the order of keys. 2: they do not. 3: usage names its
 * provider.
 */
export const SCHEMA = 3;

/** A record as it is read. */
export type StoredRecord = Readonly<Record<string, unknown>> & {
  /** Its form; 1 for a record that names none. */
  schema: number;
};

/** Where a record is kept. */
interface RecordOptions extends Omit<PutOptions, 'contentType'> {
  storage: Storage;
}

/** Writes a record, and which form it has. Rejects as `put` does. */
export const putRecord = (key: string, value: object, options: RecordOptions): Promise<void> =>
  putJson(key, {...value, schema: SCHEMA}, options);

/**
 * Reads a record of this version or of an earlier one; undefined if the key is free, null if it holds no record at all.
 *
 * Rejects with `StorageGarbled` for a record of a later version, which this one cannot understand, or as `get` does.
 */
export async function readRecord(
  key: string,
  {storage, signal}: RecordOptions,
): Promise<StoredRecord | null | undefined> {
  const value = await readJson(key, {storage, signal});
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const {schema = 1, ...rest} = value as Record<string, unknown>;
  if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 1) return null;
  if (schema > SCHEMA) throw garbledBy(key, {schema, bucket: storage.bucket});
  return {...rest, schema};
}

/** Whether a record was one that this version cannot understand. */
export const isGarbled = (error: unknown): boolean =>
  error instanceof RenderError && error.name === 'StorageGarbled';

/** The error for what a later version has written. */
export function garbledBy(key: string, {schema, bucket}: {schema: number; bucket: string}): RenderError {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const instead = key.startsWith('jobs/') ? 'use another jobId' : `delete everything under "${folder}"`;
  return new RenderError(
    'StorageGarbled',
    `"${key}" in ${bucket} was written by a later version of revideo-lambda: its schema is ${schema}, and this version reads up to ${SCHEMA}. Use the later version here too, or ${instead}.`,
  );
}
