import {createHash} from 'node:crypto';
import {buffer} from 'node:stream/consumers';
import {BLOCK, type BlockStore} from './block-store.ts';
import {askOrigin, type OriginAnswer, type OriginOptions} from './origin.ts';
import {Broken, replaced, Unreadable} from './unreadable.ts';
import {isSame, type Version} from './version.ts';
import {tooLarge, WholeFile} from './whole-file.ts';

/** Where a remote file comes from and where its blocks are kept. */
export interface RemoteFileOptions extends OriginOptions {
  address: string;
  store: BlockStore;
}

/** How often a block is asked for whose answer breaks off. */
const TRIES = 3;

let files = 0;

/** One version of a remote file. A block of it is fetched when it is first asked for, and then kept. */
export class RemoteFile {
  /** The media type that its server states. */
  readonly type: string | undefined;
  /**
   * Set once a part of it could not be read: a reader that has some of it must not continue with another
   * version.
   */
  failure: Unreadable | undefined;
  readonly #options: RemoteFileOptions;
  /** Its version, as its server describes it. */
  readonly version: Version;
  /** Where redirects have led. */
  readonly finalAddress: string;
  /** Where its server does not send ranges. */
  readonly #whole: WholeFile | undefined;
  readonly #name = String(files++);
  readonly #loading = new Map<number, Promise<Buffer>>();
  #digest: Promise<string> | undefined;

  private constructor(options: RemoteFileOptions, answer: OriginAnswer) {
    this.#options = options;
    this.version = answer.version;
    this.type = answer.type;
    this.finalAddress = answer.address;
    const key = (index: number) => this.#key(index);
    if (answer.whole) this.#whole = new WholeFile({...options, key, first: answer});
  }

  /** Fetches the first block. Rejects with `Unreadable` if there is none, or if it is a page for a human reader. */
  static async open(options: RemoteFileOptions): Promise<RemoteFile> {
    const answer = await askOrigin(options.address, {...options, start: 0, last: BLOCK - 1});
    if (answer.type === 'text/html') {
      answer.cancel();
      throw new Unreadable('its server has sent a web page (text/html)');
    }
    if (answer.whole && (answer.version.length ?? 0) > options.store.limit) {
      answer.cancel();
      throw tooLarge(options.store.limit);
    }
    const file = new RemoteFile(options, answer);
    if (!answer.whole) await file.#share(0, () => file.#fetch(0, answer));
    return file;
  }

  /** Bytes; where its server does not say it, known once the whole file is there. */
  async length(): Promise<number> {
    return this.version.length ?? (await this.#guard(async () => this.#whole?.length())) ?? 0;
  }

  /** A block by its number. Rejects with `Unreadable`, also if the file is another one by now. */
  block(index: number): Promise<Buffer> {
    return this.#share(index, async () => {
      const kept = await this.#options.store.get(this.#key(index));
      if (kept) return kept;
      if (this.#whole) return this.#whole.block(index);
      return this.#fetch(index);
    });
  }

  /** SHA-256 of all of it, which is fetched for that. Rejects with `Unreadable`. */
  digest(): Promise<string> {
    this.#digest ??= (async () => {
      const hash = createHash('sha256');
      const length = await this.length();
      for (let index = 0; index * BLOCK < length; index++) hash.update(await this.block(index));
      return hash.digest('hex');
    })();
    return this.#digest;
  }

  /**
   * The version that a reader has seen: the content if it read everything, otherwise the server's
   * description.
   */
  async seen(): Promise<Version> {
    if (!this.#digest) return this.version;
    const [etag, length] = await Promise.all([this.#digest, this.length()]);
    // Style sheets are often made when they are asked for: their server's dates and tags say nothing.
    return {length, etag: `"sha256-${etag}"`, modified: undefined};
  }

  /** Asks its server whether it still is the file that it was. A server that tells nothing of it is believed. */
  async isCurrent(): Promise<boolean> {
    const unless = this.version;
    const {address} = this.#options;
    const {version, cancel} = await askOrigin(address, {...this.#options, start: 0, last: 0, unless});
    cancel();
    return isSame(this.version, version);
  }

  async #fetch(index: number, first?: OriginAnswer): Promise<Buffer> {
    const start = index * BLOCK;
    const last = Math.min(start + BLOCK, this.version.length ?? 0) - 1;
    const ask = () => askOrigin(this.#options.address, {...this.#options, start, last});
    for (let tries = 1; ; tries++) {
      try {
        return await this.#keep(index, tries === 1 && first ? first : await ask());
      } catch (error) {
        if (!(error instanceof Broken) || tries === TRIES) throw error;
      }
    }
  }

  async #keep(index: number, answer: OriginAnswer): Promise<Buffer> {
    if (answer.whole || !isSame(this.version, answer.version)) {
      answer.cancel();
      throw replaced();
    }
    const bytes = await buffer(answer.body);
    const expected = Math.min(BLOCK, (this.version.length ?? 0) - index * BLOCK);
    if (bytes.byteLength !== expected) {
      throw new Broken(`its server has sent ${bytes.byteLength} of ${expected} bytes`);
    }
    await this.#options.store.put(this.#key(index), bytes);
    return bytes;
  }

  /** A request for a block that is already loading waits for that load. */
  #share(index: number, load: () => Promise<Buffer>): Promise<Buffer> {
    const loading = this.#loading.get(index) ?? this.#guard(load).finally(() => this.#loading.delete(index));
    this.#loading.set(index, loading);
    return loading;
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    try {
      return await work();
    } catch (error) {
      this.failure ??= error instanceof Unreadable ? error : new Unreadable(String(error), {cause: error});
      throw this.failure;
    }
  }

  #key(index: number): string {
    return `${this.#name}-${index}`;
  }
}
