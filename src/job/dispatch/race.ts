import {RenderError} from '../../base/errors.ts';

/** Pieces of work of which one good end is enough; more may be begun while others run. */
export class Race<T> {
  readonly #won = new AbortController();
  readonly #signal: AbortSignal;
  readonly #runs: Promise<T>[] = [];
  readonly #outcome = Promise.withResolvers<T>();

  constructor(signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#won.signal]);
    // Whoever asks for it later must not be late.
    this.#outcome.promise.catch(() => {});
  }

  /** The first good end; rejects with the error of one of them, once none of those that were begun is left. */
  get outcome(): Promise<T> {
    return this.#outcome.promise;
  }

  /** Begins a piece of work, which is to stop when its signal fires. */
  begin(work: (signal: AbortSignal) => Promise<T>): void {
    const run = work(this.#signal);
    this.#runs.push(run);
    run.then(
      (result) => {
        this.#outcome.resolve(result);
        this.#won.abort(new RenderError('Aborted', 'Somebody else was faster.'));
      },
      async (error) => {
        const all = this.#runs.length;
        await Promise.allSettled(this.#runs);
        if (this.#runs.length === all) this.#outcome.reject(error);
      },
    );
  }

  /** Resolves when nothing of it runs any more. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#runs);
  }
}
