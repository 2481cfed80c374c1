import {RenderError} from '../../base/errors.ts';
import {dollars} from '../../base/words.ts';
import {type CostOf, NO_OPERATIONS} from '../../cost/billing.ts';
import {estimate} from '../../cost/estimate.ts';
import {DEFAULT_COSTS, inQuality} from '../../cost/film-costs.ts';
import type {Invocation} from '../../model/bill.ts';
import type {FullRender} from '../../model/event.ts';
import type {JobEvent} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';
import type {Run} from './run.ts';

/** Milliseconds between two looks at what a job has cost. */
const LOOK = 1_000;

interface CostLimitOptions {
  run: Run;
  request: Pick<FullRender, 'jobId' | 'quality'>;
  /** US dollars, above 0. */
  maxCost: number;
  /** US dollars of all runs up to now. */
  spent: () => number | undefined;
  /** What the orchestrator's invocation is billed for up to now. */
  own: () => Invocation;
  costOf: CostOf;
  progress: () => Progress;
  onEvent: (event: JobEvent) => void;
}

/** Ends a run whose job has cost as much as it may. */
export class CostLimit {
  readonly #options: CostLimitOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: CostLimitOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), LOOK);
  }

  /** Ends the run with `MaxCostReached` if the job has cost as much as it may; returns that error. */
  look(): RenderError | undefined {
    const {run, request, maxCost, spent, progress} = this.#options;
    const cost = spent();
    if (cost === undefined || cost < maxCost) return undefined;
    const {frames, framesDrawn} = progress();
    const drawn = frames > 0 ? ` ${framesDrawn} of ${frames} frames are drawn.` : '';
    const error = new RenderError(
      'MaxCostReached',
      `Job ${request.jobId} has cost ${dollars(cost)}; it may cost ${dollars(maxCost)} (maxCost).${drawn} To go on with the chunks that are done, send the same event again within a day, with a higher maxCost.`,
    );
    run.stop(error);
    this.close();
    return error;
  }

  /** Takes what the job tells. */
  hear(event: JobEvent): void {
    // The film is there in a moment, and costs next to nothing more.
    if (event.state === 'publishing') this.close();
    if (event.state === 'rendering') this.#warn(event);
  }

  /** Ends the looking. */
  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Says so if the job is likely to cost more than it may. It is no error: the estimate knows nothing of the film but its
   * length, and may be wrong by several times. The bound itself does not depend on it.
   */
  #warn({timeline: {frames, fps}, workers}: Extract<JobEvent, {state: 'rendering'}>): void {
    const {run, request, maxCost, spent, own, costOf, onEvent} = this.#options;
    const {memoryMb, architecture} = own();
    const costs = inQuality(DEFAULT_COSTS, request.quality);
    const whole = estimate(costs, {frames, fps, workers, memoryMb, architecture});
    if (!whole.possible) return;
    const billedMs = (whole.gbSeconds * 1024 * 1000) / memoryMb;
    const {total} = costOf({invocations: [{...own(), billedMs}], operations: NO_OPERATIONS});
    // What an earlier run has drawn is not drawn again.
    const left = 1 - Math.min(run.before.framesDrawn, frames) / frames;
    const expected = (spent() ?? 0) + total * left;
    if (expected <= maxCost) return;
    const message = `The job is expected to cost ${dollars(expected)}, and may cost ${dollars(maxCost)} (maxCost): it would stop before the film is done. Raise maxCost, or use fewer workers.`;
    onEvent({state: 'warned', message});
  }
}
