import {RenderError} from '../../base/errors.ts';

/** Attempts of which one success is enough; more may be begun while others run. */
export class Race<T> {
  readonly #won = new AbortController();
  readonly #signal: AbortSignal;
  readonly #runs: Promise<T>[] = [];
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

  /** Begins an attempt, which must stop when its signal fires. */
  begin(work: (signal: AbortSignal) => Promise<T>): void {
    const run = work(this.#signal);
    this.#runs.push(run);
    run.then(
      (result) => {
        this.#outcome.resolve(result);
        this.#won.abort(new RenderError('Aborted', 'Another attempt was faster.'));
      },
      async (error) => {
        const all = this.#runs.length;
        await Promise.allSettled(this.#runs);
        if (this.#runs.length === all) this.#outcome.reject(error);
      },
    );
  }

  /** Resolves when none of its attempts runs any longer. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#runs);
  }
}
