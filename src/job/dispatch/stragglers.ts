import {STRAGGLER_POLL} from '../timing.ts';

/** Share of the chunks that has to be done before others can be late, and that may be doubled. */
const [DONE, DOUBLED] = [0.5, 0.1];
/** How many times the median a chunk may take, and how many milliseconds more at least: a cold start is no straggler. */
const [FACTOR, MARGIN] = [3, 10_000];

/** Knows how long the chunks of one job take, and which of those that run are late. */
export class Stragglers {
  readonly #chunks: number;
  readonly #taken: number[] = [];
  #left: number;
  /** Milliseconds after which a chunk is late. Every chunk that runs looks at it twice a second. */
  #limit = Infinity;

  /** @param chunks of the job; 0 if none counts as late */
  constructor(chunks: number) {
    this.#chunks = chunks;
    this.#left = Math.ceil(chunks * DOUBLED);
  }

  /**
   * Watches one try at a chunk from now on. `onLate` is called at most once; the number of calls for all chunks together
   * is bounded. The function that is returned ends the watch; `done` if the chunk is there.
   */
  watch(onLate: () => void): (done: boolean) => void {
    const began = performance.now();
    const timer = setInterval(() => {
      if (this.#left === 0 || performance.now() - began < this.#limit) return;
      this.#left--;
      clearInterval(timer);
      onLate();
    }, STRAGGLER_POLL);
    return (done) => {
      clearInterval(timer);
      if (done) this.#learn(performance.now() - began);
    };
  }

  #learn(milliseconds: number): void {
    this.#taken.push(milliseconds);
    if (this.#taken.length < Math.max(2, this.#chunks * DONE)) return;
    const sorted = this.#taken.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    this.#limit = Math.max(median * FACTOR, median + MARGIN);
  }
}
