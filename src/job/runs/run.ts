import {RenderError, toPayload, toRenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import {within} from '../../base/within.ts';
import {runKey} from '../../model/keys.ts';
import type {Progress} from '../../model/progress.ts';
import {putRecord} from '../../storage/record.ts';
import {HEARTBEAT, LAST_RECORDS} from '../timing.ts';
import {
  type Beat,
  type Claim,
  cancelledError,
  endRun,
  type JobRecords,
  type Outcome,
  readOutcome,
} from './records.ts';

/** An outcome as its owner says it. */
export type OwnOutcome = Outcome extends infer One
  ? One extends Outcome
    ? Omit<One, 'owner'>
    : never
  : never;

/** The report that goes with each heartbeat. */
export interface Vitals {
  progress: Progress;
  /** Whether none of its chunks finds room: an invocation that waits for the job should not take any. */
  starved: boolean;
}

/** A run that is ours. It sends heartbeats until it is ended, and notices when another invocation has ended it. */
export class Run {
  readonly number: number;
  readonly claim: Claim;
  /** Fires with the caller's reason, with that of `stop`, with `Cancelled`, or with `JobTakenOver`. */
  readonly signal: AbortSignal;
  readonly #place: JobRecords;
  readonly #vitals: () => Vitals;
  readonly #ended = new AbortController();
  readonly #stopped = new AbortController();
  readonly #over = new AbortController();
  #hasEnded = false;
  #beats = 0;
  /** Fires when there is nothing more to say or to look for. */
  readonly #silent: AbortSignal;
  readonly #alive: Promise<unknown>;

  /** @param vitals asked for each heartbeat */
  constructor(place: JobRecords, {number, claim}: {number: number; claim: Claim}, vitals: () => Vitals) {
    this.number = number;
    this.claim = claim;
    this.#place = place;
    this.#vitals = vitals;
    this.signal = AbortSignal.any([place.signal, this.#ended.signal, this.#stopped.signal]);
    this.#silent = AbortSignal.any([this.#over.signal, this.#ended.signal]);
    this.#alive = Promise.all([this.#beat(), this.#watch()]);
  }

  /** Stops its work with a reason. It lives on until it is ended. */
  stop(reason: RenderError): void {
    this.#stopped.abort(reason);
  }

  /** Ends the run. Rejects with `Cancelled` or `JobTakenOver` if another process has ended it before. */
  async end(outcome: OwnOutcome): Promise<void> {
    const {owner} = this.claim;
    // A finished run has time to report its film; a run that ends because its time is over does not.
    const signal = outcome.state === 'finished' ? this.#place.signal : within(LAST_RECORDS);
    const place = {...this.#place, signal};
    const ours = await endRun(place, {number: this.number, outcome: {...outcome, owner}});
    if (!ours) throw this.#errorOf(await readOutcome(place, this.number));
    this.#hasEnded = true;
  }

  /**
   * Ends a run that has failed. It records the reason, and stops the workers of this run and of those before
   * it.
   *
   * @returns what to throw
   */
  async fail(thrown: unknown): Promise<RenderError> {
    const error = toRenderError(thrown);
    // Work that is stopped fails because of the stop. Only an error about a reached time limit says more.
    const isStopped = this.signal.aborted && error.name !== this.signal.reason?.name;
    const failure = isStopped ? toRenderError(this.signal.reason) : error;
    if (this.#hasEnded) return failure;
    try {
      await this.end({state: 'failed', error: toPayload(failure)});
      await stopWorkers({...this.#place, signal: within(LAST_RECORDS)}, this.number);
    } catch (unended) {
      // If it was cancelled at the last moment, that is its outcome. Any other error is less important than
      // the run's own.
      const ended = toRenderError(unended);
      if (ended.name === 'Cancelled') return ended;
    }
    return failure;
  }

  /** Ends the heartbeats, with a last one that tells waiting processes so. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#alive;
    // A waiting process then sees the silence.
    await this.#say({ended: true}, within(LAST_RECORDS)).catch(() => {});
  }

  /** Says again and again that it lives. One sign that does not get through is no reason to miss the next. */
  async #beat(): Promise<void> {
    const stop = this.#silent;
    while (!stop.aborted) {
      const signal = AbortSignal.any([stop, within(2 * HEARTBEAT)]);
      await this.#say({}, signal).catch(() => {});
      await pause(HEARTBEAT, stop).catch(() => {});
    }
  }

  async #say(more: Partial<Beat>, signal: AbortSignal): Promise<void> {
    const {storage, jobId} = this.#place;
    const beat: Beat = {count: ++this.#beats, ...this.#vitals(), ...more};
    await putRecord(runKey(jobId, this.number, 'beat'), beat, {storage, signal});
  }

  /** Checks repeatedly whether another process has ended it. */
  async #watch(): Promise<void> {
    const stop = this.#silent;
    while (!stop.aborted) {
      await pause(HEARTBEAT, stop).catch(() => {});
      const signal = AbortSignal.any([stop, within(2 * HEARTBEAT)]);
      const outcome = await readOutcome({...this.#place, signal}, this.number).catch(() => undefined);
      if (outcome && outcome.owner !== this.claim.owner) this.#ended.abort(this.#errorOf(outcome));
    }
  }

  #errorOf(outcome: Outcome | undefined): RenderError {
    const {jobId} = this.#place;
    if (outcome?.state === 'cancelled') return cancelledError(jobId);
    return new RenderError(
      'JobTakenOver',
      `Job ${jobId} was taken over by another invocation, because this one sent no heartbeat for too long. Send it again to get its result.`,
    );
  }
}

/** Puts the word to stop where the workers of a job's runs look for it: of all runs up to `last`. */
export async function stopWorkers({storage, jobId, signal}: JobRecords, last: number): Promise<void> {
  const stop = (number: number) => putRecord(runKey(jobId, number, 'stop'), {}, {storage, signal});
  await Promise.all(Array.from({length: last}, (_, index) => stop(index + 1)));
}
