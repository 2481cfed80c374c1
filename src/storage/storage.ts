import type {Readable} from 'node:stream';
import type {StorageClass} from '../model/storage-classes.ts';
import type {StorageUsage} from '../model/usage.ts';
import type {ByteRange} from './range.ts';

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

/** Options of every operation. */
export interface AskOptions {
  /** Ends the operation, which then rejects with `Aborted`; once it is aborted, no operation begins. */
  signal?: AbortSignal | undefined;
}

/** Options of a listing. */
export interface ListOptions extends AskOptions {
  /** Lists only keys that come after this one, which need not be there. */
  after?: string | undefined;
}

/** How an object is read. */
export interface GetOptions extends AskOptions {
  /** The bytes to read; all where it is left out. A range that begins behind the last byte gives none. */
  range?: ByteRange | undefined;
}

/** How an object is written. */
export interface PutOptions extends AskOptions {
  /** Media type, kept with the object where the storage can. */
  contentType?: string;
  /** How a browser treats it, in HTTP's `Content-Disposition`; stored where the storage can. */
  contentDisposition?: string | undefined;
  /** How the storage keeps it, by S3's names (`STANDARD_IA`, …); only S3 has more than one way. */
  storageClass?: StorageClass | undefined;
  /** Write only if the key is free; rejects with `StorageConflict` if it is not. */
  ifAbsent?: boolean;
}

/** A record's text, and its version. */
export interface VersionedText {
  text: string;
  /** Goes to `replace` as it is; only the storage knows what it means. */
  version: string;
}

/** How a record is replaced. */
export interface ReplaceOptions extends AskOptions {
  /** The version that is replaced; undefined where the key has to be free. */
  version: string | undefined;
  /**
   * Names this write, so that a repetition after a lost answer recognizes its own result. If left out, the
   * name is random, which covers the storage's own repetitions.
   */
  write?: string | undefined;
}

/**
 * Small texts that several processes change at the same time: of all writers who replace one version, one succeeds.
 * They are objects for `get`, `head`, `list` and `delete`, too; in a directory `get` may be some versions behind.
 *
 * Each text must differ from the one it replaces, so a lease says who has it: S3 does not tell a text from
 * its copy. Delete a record only where no other process replaces it at that moment.
 */
export interface RecordStore {
  /** The newest version; undefined where the key is free. */
  read(key: string, options?: AskOptions): Promise<VersionedText | undefined>;
  /** Writes the next version and returns its name. Rejects with `StorageConflict` where `version` is not the newest. */
  replace(key: string, text: string, options: ReplaceOptions): Promise<string>;
  /** The storage's own clock, in milliseconds since 1970: one clock for all. S3's has whole seconds. */
  now(options?: AskOptions): Promise<number>;
}

/**
 * Where bytes live. Keys are plain relative paths made by `keys.ts`.
 * An object is there whole or not at all: a reader never sees half of one.
 *
 * Every method may reject with `BucketNotFound`, `StorageRefused` or `StorageUnavailable`, or `Aborted` by its signal.
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
  /** The usage of this process so far, by the provider that charges for it; left out where nothing is charged. */
  used?(): StorageUsage;
  /** Texts that are replaced by version; left out by a storage that cannot compare and write in one step. */
  readonly records?: RecordStore;
  /** Writes a whole object. Rejects with `StorageConflict` where `ifAbsent` asks for a free key. */
  put(key: string, body: Readable | Uint8Array | string, options?: PutOptions): Promise<void>;
  /** Reads an object, or a part of it. Rejects with `StorageNotFound` before the first byte if the key is free. */
  get(key: string, options?: GetOptions): Promise<Readable>;
  /** The object under a key, or `undefined` if the key is free. */
  head(key: string, options?: AskOptions): Promise<ObjectInfo | undefined>;
  /**
   * The objects whose keys start with `prefix`, in the order of their keys' bytes. It asks page by page while its reader
   * goes on, so that memory does not grow with the bucket. `listAll` gives an array.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<ListedObject>;
  /** Deletes keys; one that is free already is fine. */
  delete(keys: readonly string[], options?: AskOptions): Promise<void>;
  /** An address the object can be read from for `expiresIn` seconds (1 to 604,800; default 3,600). */
  url(key: string, options?: AskOptions & {expiresIn?: number | undefined}): Promise<string>;
}
