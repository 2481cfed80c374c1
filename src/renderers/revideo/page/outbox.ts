/** Bytes that are sent at once. */
const BATCH = 1 << 20;

/** Hands the bytes of a segment to Node as they come, in order, so that one of any length needs little memory. */
export class Outbox {
  readonly #address: string;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  #sent: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();

  /** @param before the bytes of this segment wait for it, however it ends: the segment before is sent */
  constructor(address: string, before: Promise<unknown>) {
    this.#address = address;
    this.#sent = before.then(() => {});
  }

  /** Settles when everything is sent, or cannot be. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** @returns resolves when everything that was sent before has arrived; a caller that waits for it keeps little in memory */
  add(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const before = this.#sent;
    this.#waiting.push(bytes);
    this.#bytes += bytes.byteLength;
    if (this.#bytes > BATCH) this.#send();
    return before;
  }

  /** Sends what is left and waits until everything has arrived. */
  async close(): Promise<void> {
    this.#send();
    await this.#sent.finally(() => this.#closed.resolve());
  }

  #send(): void {
    const body = new Blob(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    this.#sent = this.#sent.then(async () => {
      const answer = await fetch(this.#address, {method: 'POST', body});
      if (!answer.ok) throw new Error(`The encoded frames were not taken: ${await answer.text()}`);
    });
    // close() reports it; until then it must not count as an unhandled rejection.
    this.#sent.catch(() => {});
  }
}
