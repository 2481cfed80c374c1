/** Values for one reader, who gets each of them before the end or the failure that came after it. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ended = false;
  #failure: {error: unknown} | undefined;
  #changed = Promise.withResolvers<void>();

  /** Adds a value. Without effect after the end. */
  push(value: T): void {
    if (this.#ended) return;
    this.#values.push(value);
    this.#wake();
  }

  /** Ends it: the reader gets what is left. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Ends it with an error, which the reader gets after what is left. */
  fail(error: unknown): void {
    if (!this.#ended) this.#failure = {error};
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const {promise} = this.#changed;
      yield* this.#values.splice(0);
      if (this.#values.length > 0) continue;
      if (this.#failure) throw this.#failure.error;
      if (this.#ended) return;
      await promise;
    }
  }

  #wake(): void {
    const {resolve} = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
