import {RenderError} from '../../base/errors.ts';

/** Attempts at the same work, of which the first to complete it is enough; more may be begun while others run. */
export class Race<T> {
  readonly #won = new AbortController();
  readonly #signal: AbortSignal;
  readonly #runs: Promise<T | undefined>[] = [];
  readonly #outcome = Promise.withResolvers<T>();

  constructor(signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#won.signal]);
    // A caller may ask for it later.
    this.#outcome.promise.catch(() => {});
  }

  /** The first good end; rejects with the error of one of them, once none of those that were begun is left. */
  get outcome(): Promise<T> {
    return this.#outcome.promise;
  }

  /**
   * Begins an attempt, which must stop when its signal fires. It resolves with undefined if it has done its share, and the rest is
   * for others.
   */
  begin(work: (signal: AbortSignal) => Promise<T | undefined>): void {
    const run = work(this.#signal);
    this.#runs.push(run);
    const lose = async (error: unknown) => {
      const all = this.#runs.length;
      const ends = await Promise.allSettled(this.#runs);
      if (this.#runs.length !== all) return;
      const failure = ends.find((end) => end.status === 'rejected');
      this.#outcome.reject(failure ? failure.reason : error);
    };
    run.then((result) => {
      if (result === undefined)
        return lose(new RenderError('ChunkMismatch', 'Its workers have not stored all of it.'));
      this.#outcome.resolve(result);
      this.#won.abort(new RenderError('Aborted', 'Another attempt was faster.'));
    }, lose);
  }

  /** Resolves when none of its attempts runs any longer. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#runs);
  }
}
