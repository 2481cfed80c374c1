import type {Readable} from 'node:stream';
import type {Operations} from '../model/bill.ts';
import type {StorageClass} from '../model/storage-classes.ts';

/** The facts about one object, without its content. */
export interface ObjectInfo {
  key: string;
  /** Length in bytes. */
  bytes: number;
}

/** The facts about an object in a listing. */
export interface ListedObject extends ObjectInfo {
  /** When it was last written, by the storage's own clock; left out where that does not say. */
  modified?: Date;
}

/** How an object is written. */
export interface PutOptions {
  /** Media type, kept with the object where the storage can. */
  contentType?: string;
  /** How a browser treats it, in HTTP's `Content-Disposition`; stored where the storage can. */
  contentDisposition?: string | undefined;
  /** How the storage keeps it, by S3's names (`STANDARD_IA`, …); only S3 has more than one way. */
  storageClass?: StorageClass | undefined;
  /** Write only if the key is free; rejects with `StorageConflict` if it is not. */
  ifAbsent?: boolean;
  signal?: AbortSignal;
}

/**
 * Where bytes live. Keys are plain relative paths made by `keys.ts`.
 * An object is there whole or not at all: a reader never sees half of one.
 *
 * Every method may reject with `BucketNotFound`, `StorageRefused` or `StorageUnavailable`.
 */
export interface Storage {
  /** The bucket's name, or the directory, as it is shown to people. */
  readonly bucket: string;
  /** Whether a network leads to it, so that it may be out of reach for a while; not, if left out. */
  readonly remote?: boolean;
  /**
   * Does work on this storage again for as long as it waits for an outage to end; left out where it does not wait. It is for
   * what cannot be tried again as one operation, such as a file that is read as a stream.
   */
  ride?<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** What this process has asked of it so far, as it is charged for; left out where nothing is. */
  operations?(): Operations;
  /** Writes a whole object. Rejects with `StorageConflict` where `ifAbsent` asks for a free key. */
  put(key: string, body: Readable | Uint8Array | string, options?: PutOptions): Promise<void>;
  /** Reads an object. Rejects with `StorageNotFound` before the first byte if the key is free. */
  get(key: string, options?: {signal?: AbortSignal}): Promise<Readable>;
  /** What is under a key, or `undefined` if the key is free. */
  head(key: string, options?: {signal?: AbortSignal | undefined}): Promise<ObjectInfo | undefined>;
  /** Every object whose key starts with `prefix`, in order of keys. */
  list(prefix: string, options?: {signal?: AbortSignal | undefined}): Promise<ListedObject[]>;
  /** Deletes keys; one that is free already is fine. */
  delete(keys: readonly string[], options?: {signal?: AbortSignal | undefined}): Promise<void>;
  /** An address the object can be read from for `expiresIn` seconds (1 to 604,800; default 3,600). */
  url(key: string, options?: {expiresIn?: number | undefined}): Promise<string>;
}
