import {BLOCK, type BlockStore} from './block-store.ts';
import {askOrigin, type OriginAnswer, type OriginOptions} from './origin.ts';
import {replaced, Unreadable} from './unreadable.ts';
import {isSame} from './version.ts';

/** A file that comes whole, and the first answer that brings it. */
export interface WholeFileOptions extends OriginOptions {
  address: string;
  store: BlockStore;
  /** The store's key of a block. */
  key: (index: number) => string;
  first: OriginAnswer;
}

/**
 * A remote file whose server does not send ranges. It is read once from its start to its end, whatever range
 * is requested, and cut into blocks on the way. It is read again only if the store has dropped a requested
 * block.
 */
export class WholeFile {
  readonly #options: WholeFileOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<Buffer>>();
  readonly #length = Promise.withResolvers<number>();
  /** Blocks of the current reading that are there. */
  #arrived = 0;
  #reading: Promise<void> | undefined;

  constructor(options: WholeFileOptions) {
    this.#options = options;
    this.#length.promise.catch(() => {});
    this.#read(options.first);
  }

  /** Bytes, once all have arrived. */
  length(): Promise<number> {
    return this.#length.promise;
  }

  /** A block, once it has arrived; rejects with `Unreadable`. */
  async block(index: number): Promise<Buffer> {
    const {store, key} = this.#options;
    const kept = index < this.#arrived ? await store.get(key(index)) : undefined;
    if (kept) return kept;
    const waiting = this.#waiting.get(index) ?? Promise.withResolvers<Buffer>();
    this.#waiting.set(index, waiting);
    this.#read();
    return waiting.promise;
  }

  #read(first?: OriginAnswer): void {
    const read = async () => {
      await this.#cut(first ?? (await this.#askAgain()));
      while (this.#waiting.size > 0) await this.#cut(await this.#askAgain());
    };
    this.#reading ??= read()
      .catch((error: unknown) => {
        this.#length.reject(error);
        for (const {reject} of this.#waiting.values()) reject(error);
        this.#waiting.clear();
      })
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #cut({version, body}: OriginAnswer): Promise<void> {
    const {limit} = this.#options.store;
    this.#arrived = 0;
    let [total, filled] = [0, 0];
    let block = Buffer.allocUnsafe(BLOCK);
    for await (const bytes of body) {
      total += bytes.byteLength;
      if (total > limit) throw tooLarge(limit);
      for (let at = 0; at < bytes.byteLength; ) {
        const piece = bytes.subarray(at, at + BLOCK - filled);
        block.set(piece, filled);
        filled += piece.byteLength;
        at += piece.byteLength;
        if (filled < BLOCK) continue;
        await this.#arrive(block);
        block = Buffer.allocUnsafe(BLOCK);
        filled = 0;
      }
    }
    if (version.length !== undefined && total !== version.length) {
      throw new Unreadable(`its server has sent ${total} of ${version.length} bytes`);
    }
    if (filled > 0) await this.#arrive(block.subarray(0, filled));
    this.#length.resolve(total);
    // A shorter file has no block for some that wait.
    if (total !== (await this.#length.promise)) throw replaced();
  }

  async #arrive(bytes: Buffer): Promise<void> {
    const index = this.#arrived;
    await this.#options.store.put(this.#options.key(index), bytes);
    this.#arrived = index + 1;
    this.#waiting.get(index)?.resolve(bytes);
    this.#waiting.delete(index);
  }

  async #askAgain(): Promise<OriginAnswer> {
    const {address, first} = this.#options;
    const answer = await askOrigin(address, {...this.#options, start: 0, last: BLOCK - 1});
    if (answer.whole && isSame(first.version, answer.version)) return answer;
    answer.cancel();
    throw replaced();
  }
}

/** The error for a file that would have to be read again for every other block. */
export const tooLarge = (limit: number): Unreadable =>
  new Unreadable(
    `its server sends no ranges of it, and all of it is more than the ${Math.floor(limit / 1e6)} MB that are kept`,
  );
