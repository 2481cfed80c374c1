import type {SegmentFile} from '../../model/segment-file.ts';

/** Stores segments while more are drawn. The result describes what was stored. */
type Put<Pack> = (files: readonly SegmentFile[]) => Promise<Pack>;

/**
 * Stores a worker's segments in the order in which they are drawn. Each upload takes every segment since the last upload: a
 * worker that dies loses little, and few requests are needed.
 */
export class PackUploads<Pack> {
  readonly #every: number;
  readonly #put: Put<Pack>;
  readonly #packs: Pack[] = [];
  #waiting: SegmentFile[] = [];
  #uploading: Promise<void> | undefined;
  #since = performance.now();

  /** @param every milliseconds from the start of one upload to the start of the next, at least */
  constructor(every: number, put: Put<Pack>) {
    this.#every = every;
    this.#put = put;
  }

  /** Takes a segment. Rejects as the last upload did. */
  async add(segment: SegmentFile): Promise<void> {
    this.#waiting.push(segment);
    if (performance.now() - this.#since < this.#every) return;
    await this.#uploading;
    this.#since = performance.now();
    this.#uploading = this.#upload();
    // The next call reports it.
    this.#uploading.catch(() => {});
  }

  /** Stores what is left. Returns all packs, in order. Rejects as an upload does. */
  async finish(): Promise<Pack[]> {
    await this.#uploading;
    await this.#upload();
    return this.#packs;
  }

  /** Waits until no upload is under way. Never rejects. */
  async settled(): Promise<void> {
    await this.#uploading?.catch(() => {});
  }

  /** Stores what is left of a worker that has failed, if that is possible. Never rejects. */
  async salvage(put: Put<Pack>): Promise<void> {
    await this.settled();
    if (this.#waiting.length > 0) await put(this.#waiting).catch(() => {});
  }

  async #upload(): Promise<void> {
    const files = this.#waiting;
    if (files.length === 0) return;
    this.#waiting = [];
    this.#packs.push(await this.#put(files));
  }
}
