import {json} from 'node:stream/consumers';
import {RenderError} from '../base/errors.ts';
import type {PutOptions, Storage} from './storage.ts';

/** Where a JSON object is kept. */
interface JsonOptions extends Omit<PutOptions, 'contentType'> {
  storage: Storage;
}

/** Writes a JSON object. Rejects as `put` does. */
export async function putJson(
  key: string,
  value: unknown,
  {storage, ...options}: JsonOptions,
): Promise<void> {
  await storage.put(key, JSON.stringify(value), {contentType: 'application/json', ...options});
}

/** Reads a JSON object; undefined if the key is free, null if it holds no JSON. Rejects as `get` does. */
export async function readJson(key: string, {storage, signal}: JsonOptions): Promise<unknown> {
  const read = async () => json(await storage.get(key, {...(signal && {signal})}));
  try {
    // The body may break after the first byte: it is read again as a whole.
    return await (storage.ride ? storage.ride(read, signal) : read());
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether storage said that there is no such key. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof RenderError && error.name === 'StorageNotFound';

/** Whether storage said that a key is taken. */
export const isConflict = (error: unknown): boolean =>
  error instanceof RenderError && error.name === 'StorageConflict';
