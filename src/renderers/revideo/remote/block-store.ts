import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Unreadable} from './unreadable.ts';

/** Bytes of a block: the most that is fetched beyond what is asked for. */
export const BLOCK = 1 << 20;

/** Blocks of bytes in files of a temporary directory, up to a limit: what was not used for longest goes first. */
export class BlockStore {
  /** Bytes that are kept at most. */
  readonly limit: number;
  /** Sizes of the blocks by their keys, the one that was used last at the end. */
  readonly #sizes = new Map<string, number>();
  #used = 0;
  #directory: Promise<string> | undefined;
  #closed = false;
  /** Why the disk did not take the block that was put here last; undefined if it did. */
  failure: Error | undefined;
  readonly #busy = new Set<Promise<unknown>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A block that was put here; undefined if it had to go. */
  async get(key: string): Promise<Buffer | undefined> {
    const size = this.#sizes.get(key);
    if (size === undefined || !this.#directory) return undefined;
    this.#sizes.delete(key);
    this.#sizes.set(key, size);
    const path = join(await this.#directory, key);
    // It may have to go while it is read.
    return this.#wait(readFile(path)).catch(() => undefined);
  }

  /** Keeps a block. Rejects with `Unreadable` if the disk does not take it. After `close` nothing is kept. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    if (this.#closed) return;
    try {
      this.#directory ??= mkdtemp(join(tmpdir(), 'revideo-lambda-media-'));
      const path = join(await this.#directory, key);
      while (this.#used + bytes.byteLength > this.limit && this.#sizes.size > 0) await this.#dropOldest();
      this.#count(key, bytes.byteLength);
      await this.#wait(writeFile(path, bytes));
      this.failure = undefined;
    } catch (error) {
      this.#count(key, 0);
      this.failure = error as Error;
      // Another try may find room, or another disk.
      this.#directory?.catch(() => {
        this.#directory = undefined;
      });
      throw new Unreadable(`it cannot be kept in ${tmpdir()}: ${(error as Error).message}`, {cause: error});
    }
  }

  /** Removes everything. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#busy);
    const directory = await this.#directory?.catch(() => undefined);
    this.#directory = undefined;
    this.#sizes.clear();
    if (directory) await rm(directory, {recursive: true, force: true, maxRetries: 5});
  }

  async #dropOldest(): Promise<void> {
    const [key] = this.#sizes.keys();
    if (key === undefined || !this.#directory) return;
    this.#count(key, 0);
    await rm(join(await this.#directory, key), {force: true});
  }

  #count(key: string, size: number): void {
    this.#used += size - (this.#sizes.get(key) ?? 0);
    this.#sizes.delete(key);
    if (size > 0) this.#sizes.set(key, size);
  }

  #wait<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    return work.finally(() => this.#busy.delete(work));
  }
}
