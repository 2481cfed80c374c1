/** Reads a stream of bytes in pieces of known length. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The text up to the next line feed, without it; undefined if the stream ends before, or after `most` bytes. */
  async line(most: number): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const at = this.#rest.indexOf(10);
      if (at >= 0) {
        pieces.push(this.#rest.subarray(0, at));
        this.#rest = this.#rest.subarray(at + 1);
        return Buffer.concat(pieces).toString('utf8');
      }
      pieces.push(this.#rest);
      length += this.#rest.length;
      if (length > most || !(await this.#next())) return undefined;
    }
  }

  /** The next `count` bytes, as they come; fewer if the stream ends before. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#next())) return;
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#next());
  }

  async #next(): Promise<boolean> {
    for (;;) {
      const {value, done} = await this.#source.next();
      if (done) {
        this.#rest = new Uint8Array();
        return false;
      }
      if (value.length === 0) continue;
      this.#rest = value;
      return true;
    }
  }
}
