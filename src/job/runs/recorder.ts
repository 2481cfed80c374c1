import type {JobEvent} from '../../model/job-events.ts';
import type {Chunk} from '../../model/plan.ts';
import type {Attempt, Trace} from '../../model/trace.ts';
import {
  addStorageUsage,
  type EngineUsage,
  type StorageUsage,
  type Usage,
  workerLike,
} from '../../model/usage.ts';

/** An attempt that may not have ended. */
type Begun = Omit<Attempt, 'ended' | 'outcome'> & Partial<Pick<Attempt, 'ended' | 'outcome'>> & Whereabouts;

/** The parts of an attempt that are not stored. */
interface Whereabouts {
  /** Whether it ran in the orchestrator's own process, and so on its bill. */
  here?: boolean;
  /** Whether it was stopped with the run, and goes on without us. */
  leftBehind?: boolean;
}

/** The orchestrator's facts about itself. */
interface Orchestrator {
  /** Its usage so far; undefined where nothing is billed. */
  own: (() => EngineUsage) | undefined;
  /** The storage's usage so far; undefined where nothing is charged. */
  storage: () => StorageUsage | undefined;
}

/** Writes down what a run does, by the clock of the orchestrator. */
export class Recorder {
  readonly #orchestrator: Orchestrator;
  readonly #zero = performance.now();
  readonly #began = Date.now();
  readonly #phases: (Omit<Trace['phases'][number], 'ended'> & {ended?: number})[] = [];
  readonly #attempts: Begun[] = [];
  /** Since when a chunk stands in line. */
  readonly #queued = new Map<number, number>();
  readonly #storage: StorageUsage[] = [];
  #handedOver = false;
  #film: Trace['film'];
  #ranges: readonly Chunk[] = [];

  constructor(orchestrator: Orchestrator) {
    this.#orchestrator = orchestrator;
    this.#begin('planning');
  }

  /** Notes an event. */
  observe(event: JobEvent): void {
    const now = this.#now();
    switch (event.state) {
      case 'rendering': {
        const {frames, fps, size, revideo} = event.timeline;
        this.#film = {frames, fps, size, chunks: event.chunks.length, ...(revideo && {revideo})};
        this.#ranges = event.chunks;
        this.#begin('rendering');
        return;
      }
      case 'sound':
        this.#phases.push({name: 'sound', began: Math.max(0, now - event.seconds * 1000), ended: now});
        return;
      case 'merging':
      case 'publishing':
        this.#begin(event.state);
        return;
      case 'started': {
        const {workerId: chunk, attempt, double} = event;
        const queued = this.#queued.get(chunk) ?? this.#phases.at(-1)?.began ?? 0;
        this.#attempts.push({chunk, attempt, double, ...this.#range(chunk), queued, began: now});
        return;
      }
      case 'retrying':
      case 'doubled':
        this.#queued.set(event.workerId, now);
        return;
      case 'tried': {
        const attempt = this.#find(event);
        if (!attempt) return;
        attempt.ended = now;
        if (event.result) {
          const {reused, spent, bytes, used} = event.result;
          Object.assign(attempt, {
            outcome: reused ? 'superseded' : 'done',
            bytes,
            ...(spent && {seconds: spent}),
          });
          if (used && !attempt.here) this.#storage.push(used);
        } else if (event.error.name === 'InvokeThrottled') this.#mergeRefused(attempt);
        else {
          const {name: errorType, message: errorMessage} = event.error;
          attempt.outcome = event.stopped ? 'superseded' : 'failed';
          // An attempt that lost a race is stopped with another reason.
          attempt.leftBehind = event.stopped && errorType !== 'Aborted';
          if (!event.stopped) attempt.error = {errorType, errorMessage};
        }
        return;
      }
      case 'here': {
        const attempt = this.#find(event);
        if (attempt) attempt.here = true;
        return;
      }
      case 'used': {
        const attempt = this.#find(event);
        if (attempt) attempt.used = event.usage;
        return;
      }
      case 'handing over':
        this.#handedOver = true;
        return;
      case 'done':
        this.#found(event, now);
    }
  }

  /**
   * The usage so far. An attempt that still runs, or never answered, counts for the time that it was waited
   * for.
   */
  usage(): Usage[] {
    const own = this.#orchestrator.own?.();
    const usageOf = (attempt: Begun): EngineUsage[] => {
      if (attempt.used) return [attempt.used];
      // An attempt that was reused or refused is not billed. The next run of the job finds the cost of those
      // that still draw.
      const isElsewhere = this.#handedOver && attempt.leftBehind;
      const isFree = attempt.here || attempt.outcome === 'found' || attempt.outcome === 'refused';
      if (!own || isElsewhere || isFree) return [];
      // A running attempt counts a little less, so that the sum does not shrink when its bill is known.
      const ms = attempt.ended ? attempt.ended - attempt.began : 0.95 * (this.#now() - attempt.began);
      const id = `${attempt.chunk}-${attempt.attempt}-${attempt.double}`;
      return [workerLike(own, {id, ms})];
    };
    const workers = this.#attempts.flatMap(usageOf);
    return [...(own ? [own] : []), ...workers, ...this.#storageUsage()];
  }

  /** The run's record. */
  trace(): Omit<Trace, 'jobId' | 'run' | 'version' | 'outcome' | 'request' | 'engine'> {
    const ended = this.#now();
    const orchestrator = this.#orchestrator.own?.();
    return {
      began: this.#began,
      ended,
      ...(this.#film && {film: this.#film}),
      phases: this.#phases.map((phase) => ({...phase, ended: phase.ended ?? ended})),
      attempts: this.#attempts.map(({here: _, leftBehind: __, ...attempt}) => ({
        ended,
        outcome: 'superseded',
        ...attempt,
      })),
      ...(orchestrator && {orchestrator}),
      used: this.#storageUsage(),
    };
  }

  #now(): number {
    return Math.round(performance.now() - this.#zero);
  }

  #begin(name: Trace['phases'][number]['name']): void {
    const now = this.#now();
    for (const phase of this.#phases) phase.ended ??= now;
    this.#phases.push({name, began: now});
  }

  #range(chunk: number): {start: number; end: number} {
    const {start, end} = this.#ranges[chunk] ?? {start: 0, end: 1};
    return {start, end};
  }

  #find({
    workerId,
    attempt,
    double,
  }: {
    workerId: number;
    attempt: number;
    double: boolean;
  }): Begun | undefined {
    return this.#attempts.findLast(
      (one) => one.chunk === workerId && one.attempt === attempt && one.double === double,
    );
  }

  /** A chunk that waits for room may be refused a hundred times: that is one line. */
  #mergeRefused(attempt: Begun): void {
    attempt.outcome = 'refused';
    const before = this.#attempts.findLast(
      (one) => one !== attempt && one.chunk === attempt.chunk && one.outcome === 'refused',
    );
    if (!before) return;
    before.ended = attempt.ended as number;
    this.#attempts.splice(this.#attempts.indexOf(attempt), 1);
  }

  /** A chunk that is there without a try of ours that says so. */
  #found({workerId: chunk, bytes, used}: Extract<JobEvent, {state: 'done'}>, now: number): void {
    if (this.#attempts.some((one) => one.chunk === chunk && one.outcome === 'done')) return;
    const attempt = Math.max(
      1,
      ...this.#attempts.filter((one) => one.chunk === chunk).map((one) => one.attempt),
    );
    this.#attempts.push({
      chunk,
      attempt,
      double: false,
      ...this.#range(chunk),
      outcome: 'found',
      queued: this.#queued.get(chunk) ?? now,
      began: now,
      ended: now,
      ...(bytes !== undefined && {bytes}),
      ...(used && {used}),
    });
  }

  #storageUsage(): StorageUsage[] {
    const own = this.#orchestrator.storage();
    return addStorageUsage(own ? [own, ...this.#storage] : this.#storage);
  }
}
