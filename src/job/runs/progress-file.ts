import {pause} from '../../base/pause.ts';
import {within} from '../../base/within.ts';
import {progressKey} from '../../model/keys.ts';
import type {Progress, ProgressFile} from '../../model/progress.ts';
import {putRecord} from '../../storage/record.ts';
import {HEARTBEAT, PROGRESS_WRITE} from '../timing.ts';
import {type JobRecords, readOutcome} from './records.ts';
import type {Run} from './run.ts';

/** Milliseconds since the last writing after which another run may have taken the job over meanwhile. */
const LONG_AGO = 3 * HEARTBEAT;

/** The keeper's run, and its interval. */
interface KeeperOptions {
  place: JobRecords;
  run: Run;
  progress: () => Progress;
  /** Milliseconds between two writings, asked each time. */
  every: () => number;
}

/** Stores a run's progress for readers of the bucket. A failure to write it must not fail the job. */
export class ProgressKeeper {
  readonly #options: KeeperOptions;
  readonly #over = new AbortController();
  #woken = new AbortController();
  #last = performance.now();
  readonly #keeping: Promise<void>;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#keeping = this.#keep();
  }

  /** Writes it at once: the phase is another one now. */
  wake(): void {
    this.#woken.abort();
  }

  /** Writes it no longer; once more before that, unless another run renders the job now. */
  async close({last}: {last: boolean}): Promise<void> {
    this.#over.abort();
    await this.#keeping;
    if (last) await this.#write();
  }

  async #keep(): Promise<void> {
    const {run, every} = this.#options;
    const over = AbortSignal.any([this.#over.signal, run.signal]);
    while (!over.aborted) {
      this.#woken = new AbortController();
      await this.#write();
      await pause(every(), AbortSignal.any([over, this.#woken.signal])).catch(() => {});
    }
  }

  async #write(): Promise<void> {
    const {place, run, progress} = this.#options;
    const {storage, jobId} = place;
    const signal = within(PROGRESS_WRITE);
    try {
      // A process that slept this long must not overwrite a newer record.
      const mayBeOver = performance.now() - this.#last > LONG_AGO;
      const outcome = mayBeOver && (await readOutcome({...place, signal}, run.number));
      if (outcome && outcome.owner !== run.claim.owner) return;
      const file: ProgressFile = {jobId, run: run.number, updated: new Date().toISOString(), ...progress()};
      await putRecord(progressKey(jobId), file, {storage, signal});
      this.#last = performance.now();
    } catch {
      // The next one says more.
    }
  }
}
