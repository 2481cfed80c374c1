import type {CostOf} from '../../cost/billing.ts';
import {addCosts} from '../../cost/cost.ts';
import type {Cost} from '../../model/bill.ts';
import type {EngineUsage} from '../../model/usage.ts';
import {jobCost} from '../job-cost.ts';
import {PRICE_EVERY} from '../timing.ts';
import type {Recorder} from './recorder.ts';
import type {JobRecords} from './records.ts';

/** The inputs of a run's price. */
interface Pricing {
  costOf: CostOf | undefined;
  /** The orchestrator's usage up to now; undefined where nothing is billed. */
  own: (() => EngineUsage) | undefined;
  recorder: Recorder;
}

/** The cost of a run so far, and of the runs of its job before it. */
export class RunCost {
  /** Resolves when the cost of earlier runs is known, or cannot be known. */
  readonly known: Promise<void>;
  readonly #pricing: Pricing;
  #earlier: Cost | undefined;
  #summed = -Infinity;
  #dollars: number | undefined;

  /** @param number 1 for the first run of the job */
  constructor(place: JobRecords, number: number, pricing: Pricing) {
    this.#pricing = pricing;
    const adding = pricing.costOf && number > 1 ? costBefore(place, number) : undefined;
    this.known = Promise.resolve(adding).then(
      (cost) => {
        this.#earlier = cost;
      },
      // The cost of this run is known all the same.
      () => {},
    );
  }

  /** The run's cost; undefined where nothing is billed. */
  ofRun(): Cost | undefined {
    const {costOf, own, recorder} = this.#pricing;
    return costOf && own ? costOf(recorder.usage()) : undefined;
  }

  /** The job's cost; undefined where nothing is billed. */
  ofJob(): Cost | undefined {
    return addCosts([this.#earlier, this.ofRun()].filter((cost) => cost !== undefined));
  }

  /** US dollars of the job, summed at most once a second; undefined where nothing is billed. */
  dollars(): number | undefined {
    if (this.#dollars !== undefined && performance.now() - this.#summed < PRICE_EVERY) return this.#dollars;
    this.#summed = performance.now();
    this.#dollars = this.ofJob()?.total;
    return this.#dollars;
  }
}

/** The cost of the runs before this one. */
async function costBefore(place: JobRecords, number: number): Promise<Cost | undefined> {
  const runs = (await jobCost(place)).runs.filter(({run}) => run < number);
  const cost = addCosts(runs.flatMap(({cost}) => cost ?? []));
  return cost && {...cost, exact: cost.exact && !runs.some(({estimated}) => estimated)};
}
