import {RenderError, toPayload, toRenderError} from './errors.ts';
import {type Claim, cancelledError, endRun, type JobPlace, type Outcome, readOutcome} from './job-records.ts';
import {runKey} from './keys.ts';
import {pause} from './pause.ts';
import {persist} from './persist.ts';
import {putJson} from './storage/json.ts';

/** Milliseconds between two signs of life, and between two looks at whether the run was ended by somebody else. */
export const BEAT = 2_000;
/** Milliseconds that a run's last records may take when it ends because it has to. */
const LAST_RECORDS = 10_000;

/** An outcome as its owner says it. */
export type OwnOutcome = Outcome extends infer One
  ? One extends Outcome
    ? Omit<One, 'owner'>
    : never
  : never;

/** A run that is ours. It gives signs of life until it is ended, and notices when somebody else has ended it. */
export class Run {
  readonly number: number;
  readonly claim: Claim;
  /** Fires with the caller's reason, with `Cancelled`, or with `JobTakenOver`. */
  readonly signal: AbortSignal;
  readonly #place: JobPlace;
  readonly #ended = new AbortController();
  readonly #over = new AbortController();
  #hasEnded = false;
  readonly #beating: Promise<void>;

  constructor(place: JobPlace, {number, claim}: {number: number; claim: Claim}) {
    this.number = number;
    this.claim = claim;
    this.#place = place;
    this.signal = AbortSignal.any([place.signal, this.#ended.signal]);
    this.#beating = this.#beat();
  }

  /** Ends the run. Rejects with `Cancelled` or `JobTakenOver` if somebody else has ended it before. */
  async end(outcome: OwnOutcome): Promise<void> {
    const {owner} = this.claim;
    const place = this.#lastly();
    const ours = await endRun(place, {number: this.number, outcome: {...outcome, owner}});
    if (!ours) throw this.#errorOf(await readOutcome(place, this.number));
    this.#hasEnded = true;
  }

  /**
   * Ends a run that has failed: keeps the reason, and tells its workers, and those of the runs that handed the job over
   * to it, that nobody wants their chunks.
   *
   * @returns what to throw
   */
  async fail(thrown: unknown): Promise<RenderError> {
    const failure = toRenderError(this.signal.aborted ? this.signal.reason : thrown);
    if (this.#hasEnded) return failure;
    const [, end] = await Promise.allSettled([
      stopWorkers(this.#lastly(), this.claim),
      this.end({state: 'failed', error: toPayload(failure)}),
    ]);
    // Cancelled at the last moment: that is then what became of it.
    const ended = end.status === 'rejected' ? toRenderError(end.reason) : failure;
    return ended.name === 'Cancelled' ? ended : failure;
  }

  /** Ends the signs of life, with a last one that says so to whoever waits for it. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#beating;
    const {storage, jobId} = this.#place;
    const {signal} = this.#lastly();
    const last = putJson(runKey(jobId, this.number, 'beat'), {ended: true}, {storage, signal});
    // Who waits then takes the silence for it.
    await last.catch(() => {});
  }

  /** Records of an end are written whatever has ended the work, but not for ever. */
  #lastly(): JobPlace {
    return {...this.#place, signal: AbortSignal.timeout(LAST_RECORDS)};
  }

  async #beat(): Promise<void> {
    const {storage, jobId} = this.#place;
    const stop = AbortSignal.any([this.#over.signal, this.#ended.signal]);
    for (let count = 1; !stop.aborted; count++) {
      try {
        await putJson(runKey(jobId, this.number, 'beat'), {count}, {storage, signal: stop});
        const outcome = await readOutcome({...this.#place, signal: stop}, this.number);
        if (outcome && !this.#over.signal.aborted) this.#ended.abort(this.#errorOf(outcome));
        await pause(BEAT, stop);
      } catch {
        // A sign of life that does not get through is no reason to give up the work: the next one may.
        await pause(BEAT, stop).catch(() => {});
      }
    }
  }

  #errorOf(outcome: Outcome | undefined): RenderError {
    const {jobId} = this.#place;
    if (outcome?.state === 'cancelled') return cancelledError(jobId);
    return new RenderError(
      'JobTakenOver',
      `Job ${jobId} was taken over by another invocation, since this one had given no sign of life for too long. Send it again to get its result.`,
    );
  }
}

/** Puts the word to stop where the workers of a run look for it. */
export const stopWorkers = ({storage, jobId, signal}: JobPlace, {root}: Claim): Promise<void> =>
  persist(() => putJson(runKey(jobId, root, 'stop'), {}, {storage, signal}), {signal});
