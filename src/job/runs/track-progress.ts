import type {RenderError} from '../../base/errors.ts';
import type {JobEvent} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';

/** The sources of a run's progress, besides its job's events. */
interface Tracked {
  /** How far the job was before this run. */
  before: Progress;
  /** US dollars so far; undefined where nothing is billed. */
  cost: () => number | undefined;
}

/** Milliseconds for which progress counts as recent: with a thousand chunks there are hundreds of events a second. */
const RECENT = 100;
/** Share of the film that has to be drawn before it allows an estimate of the rest. */
const ENOUGH = 0.05;
/** Errors that are kept. */
const LAST_ERRORS = 20;
/** Characters that are kept of the message of each. */
const ERROR_CHARACTERS = 500;

/**
 * Keeps a run's progress up to date from the job's events.
 *
 * No number runs backwards within a request. A chunk that is rendered again counts once. A run that continues
 * another one, handed over or dead, begins with that run's numbers, until its own are larger. They count the
 * drawn frames, not the stored ones. The phase starts again with each run, and so do the numbers after a
 * failure, since another request may follow it.
 */
export class ProgressTracker {
  readonly #before: Progress;
  readonly #tracked: Tracked;
  readonly #zero = performance.now();
  #reported: Progress;
  /** The time of `#reported`. */
  #reportedAt = -Infinity;
  #cells: Cell[];
  #done = new Set<number>();
  #bytes = new Map<number, number>();
  /** When the first chunk was begun, and frames that were there by then, by which the rest is estimated. */
  #drawing: {since: number; frames: number} | undefined;

  constructor(tracked: Tracked) {
    this.#tracked = tracked;
    this.#before = tracked.before;
    this.#reported = {...tracked.before, phase: 'planning', secondsLeft: undefined};
    this.#cells = tracked.before.cells.map((cell) => ({...cell}));
  }

  /** Notes an event. Returns whether the phase is another one now. */
  observe(event: JobEvent): boolean {
    const {phase} = this.#reported;
    if (event.state === 'rendering') this.#plan(event);
    else if (event.state === 'merging' || event.state === 'publishing') this.#enter(event.state);
    else if (event.state === 'finished') {
      const {cost} = event.result;
      if (cost) this.#reported.cost = Math.max(this.#reported.cost ?? 0, cost.total);
      this.#enter('done');
    } else if (event.state === 'failed') {
      this.#note(event.error, {});
      this.#enter(event.error.name === 'Cancelled' ? 'cancelled' : 'failed');
    } else if ('workerId' in event) this.#observeChunk(event);
    return phase !== this.#reported.phase;
  }

  /** As of now, or of a moment ago. */
  get recent(): Progress {
    return performance.now() - this.#reportedAt < RECENT ? this.#reported : this.progress;
  }

  /** As of now. */
  get progress(): Progress {
    const last = this.#reported;
    this.#reportedAt = performance.now();
    const framesDrawn = sum(this.#cells.map((cell) => cell.framesDrawn));
    const cost = this.#tracked.cost();
    this.#reported = {
      ...last,
      cells: this.#cells.map((cell) => ({...cell})),
      framesDrawn: Math.max(last.framesDrawn, framesDrawn),
      chunksDone: Math.max(last.chunksDone, this.#done.size),
      bytes: Math.max(last.bytes, sum([...this.#bytes.values()])),
      elapsedSeconds: this.#before.elapsedSeconds + Math.round(performance.now() - this.#zero) / 1000,
      secondsLeft: last.phase === 'rendering' ? this.#secondsLeft(framesDrawn) : undefined,
      ...(cost !== undefined && {cost: Math.max(last.cost ?? 0, cost)}),
    };
    return this.#reported;
  }

  /** Workers that run at the moment. */
  get running(): number {
    return this.#cells.filter(({state}) => RUNNING.has(state)).length;
  }

  #enter(phase: Progress['phase']): void {
    this.#reported = {...this.#reported, phase};
    this.#reportedAt = -Infinity;
  }

  #plan({timeline: {frames}, chunks}: Extract<JobEvent, {state: 'rendering'}>): void {
    this.#reported = {...this.#reported, frames, chunks: chunks.length};
    this.#enter('rendering');
    const before = this.#cells;
    this.#cells = chunks.map(({start, end}, index) => {
      const frames = end - start;
      const same = before.length === chunks.length ? before[index] : undefined;
      const framesDrawn = Math.min(same?.framesDrawn ?? 0, frames);
      return {state: 'waiting', frames, framesDrawn, attempts: same?.attempts ?? 0};
    });
  }

  #observeChunk(event: Extract<JobEvent, {workerId: number}>): void {
    const cell = this.#cells[event.workerId];
    if (!cell) return;
    if (event.state === 'started') {
      cell.attempts = Math.max(cell.attempts, event.attempt);
      if (!event.double) cell.state = 'starting';
      this.#drawing ??= {since: performance.now(), frames: sum(this.#cells.map(drawnOf))};
    } else if (event.state === 'drawing') {
      cell.framesDrawn = Math.max(cell.framesDrawn, Math.min(event.frames, cell.frames));
      if (cell.state !== 'done') cell.state = event.frames < cell.frames ? 'drawing' : 'uploading';
    } else if (event.state === 'done') {
      if (event.reused && this.#drawing) this.#drawing.frames += cell.frames - cell.framesDrawn;
      Object.assign(cell, {state: event.reused ? 'reused' : 'done', framesDrawn: cell.frames});
      this.#done.add(event.workerId);
      if (event.bytes) this.#bytes.set(event.workerId, event.bytes);
    } else if (event.state === 'refused') cell.state = 'waiting';
    else if (event.state === 'retrying') {
      cell.state = 'retrying';
      this.#note(event.error, {chunk: event.workerId, attempt: event.attempt - 1});
    }
  }

  #note({name, message}: RenderError, which: {chunk?: number; attempt?: number}): void {
    const error = {...which, errorType: name, errorMessage: message.slice(0, ERROR_CHARACTERS)};
    this.#reported.errors = [...this.#reported.errors, error].slice(-LAST_ERRORS);
  }

  /** As long as it takes at the rate of this run so far. */
  #secondsLeft(framesDrawn: number): number | undefined {
    if (!this.#drawing) return undefined;
    const drawn = framesDrawn - this.#drawing.frames;
    const left = this.#reported.frames - framesDrawn;
    const seconds = (performance.now() - this.#drawing.since) / 1000;
    // The first frames come after a start that the others do not have.
    if (drawn < ENOUGH * this.#reported.frames || left < 0) return undefined;
    return (seconds / drawn) * left;
  }
}

type Cell = Progress['cells'][number];

const RUNNING: ReadonlySet<Cell['state']> = new Set(['starting', 'drawing', 'uploading']);

const drawnOf = (cell: Cell) => cell.framesDrawn;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
