import {RenderError} from '../../base/errors.ts';
import {dollars} from '../../base/words.ts';
import type {CostOf} from '../../cost/billing.ts';
import {estimate} from '../../cost/estimate.ts';
import {DEFAULT_COSTS, inQuality} from '../../cost/film-costs.ts';
import type {JobOrder} from '../../model/event.ts';
import type {JobEvent} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';
import {type EngineUsage, lasting} from '../../model/usage.ts';
import {COST_POLL} from '../timing.ts';

/** A job's limit, and what it is compared with. */
interface Limit {
  order: Pick<JobOrder, 'jobId' | 'quality'>;
  /** US dollars, above 0. */
  maxCost: number;
  /** US dollars of all runs up to now; undefined while nothing is known. */
  spent: () => number | undefined;
  /** How far the job is now, and how many frames it had rendered before this run. */
  progress: () => Progress;
  framesBefore: number;
  /** The orchestrator's usage up to now. */
  own: () => EngineUsage;
  costOf: CostOf;
}

/** The tools of a budget. */
interface Means {
  stop: (reason: RenderError) => void;
  emit: (event: JobEvent) => void;
}

/** Stops a run whose job has reached its `maxCost`. */
export class Budget {
  readonly #limit: Limit;
  readonly #means: Means;
  readonly #timer: NodeJS.Timeout;

  constructor(limit: Limit, means: Means) {
    this.#limit = limit;
    this.#means = means;
    this.#timer = setInterval(() => this.check(), COST_POLL);
  }

  /** Stops the run with `MaxCostReached` if the job has reached its limit; returns that error. */
  check(): RenderError | undefined {
    const {order, maxCost, spent, progress} = this.#limit;
    const cost = spent();
    if (cost === undefined || cost < maxCost) return undefined;
    const {frames, framesDrawn} = progress();
    const drawn = frames > 0 ? ` ${framesDrawn} of ${frames} frames are drawn.` : '';
    const error = new RenderError(
      'MaxCostReached',
      `Job ${order.jobId} has cost ${dollars(cost)}; it may cost ${dollars(maxCost)} (maxCost).${drawn} To use the finished chunks, send the event again within a day and raise maxCost.`,
    );
    this.#means.stop(error);
    this.close();
    return error;
  }

  /** Warns when the plan is known, and ends when the film is made: it costs next to nothing more. */
  observe(event: JobEvent): void {
    if (event.state === 'publishing') this.close();
    if (event.state === 'rendering') this.#warn(event);
  }

  /** Ends the checks. */
  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Warns if the job is likely to reach its limit. This is no error: the estimate only knows the length of the film, and may
   * be wrong by several times. The limit itself does not depend on it.
   */
  #warn({timeline: {frames, fps, segments}, chunks}: Extract<JobEvent, {state: 'rendering'}>): void {
    const {order, maxCost, spent, own, costOf, framesBefore} = this.#limit;
    const {memoryMb, architecture} = own();
    const costs = inQuality(DEFAULT_COSTS, order.quality);
    const whole = estimate(costs, {frames, fps, segments, workers: chunks.length, memoryMb, architecture});
    if (!whole.possible) return;
    const billedMs = (whole.gbSeconds * 1024 * 1000) / memoryMb;
    const {total} = costOf([lasting(own(), billedMs)]);
    // Frames of an earlier run are not rendered again.
    const left = 1 - Math.min(framesBefore, frames) / frames;
    const expected = (spent() ?? 0) + total * left;
    if (expected <= maxCost) return;
    const message = `The job is expected to cost ${dollars(expected)}, and may cost ${dollars(maxCost)} (maxCost): it would stop before the film is done. Raise maxCost, or use fewer workers.`;
    this.#means.emit({state: 'warned', message});
  }
}
