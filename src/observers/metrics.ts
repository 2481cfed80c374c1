import {Metrics, MetricUnit} from '@aws-lambda-powertools/metrics';
import type {JobEvent, JobWatcher, WatchJob} from '../model/job-events.ts';

/** Where CloudWatch has the metrics. */
export const NAMESPACE = 'RevideoLambda';
/** The dimension of the metrics: the name of the function. */
export const DIMENSION = 'service';

/** Every metric, and what it is counted in; of each run of a job, at its end. `Cost` is in US dollars, and of that run alone, so that sums are right. */
export const METRICS = {
  JobsFinished: MetricUnit.Count,
  JobsFailed: MetricUnit.Count,
  JobsCancelled: MetricUnit.Count,
  HandOvers: MetricUnit.Count,
  ChunksDrawn: MetricUnit.Count,
  ChunksReused: MetricUnit.Count,
  Retries: MetricUnit.Count,
  Throttles: MetricUnit.Count,
  FramesDrawn: MetricUnit.Count,
  PlanningSeconds: MetricUnit.Seconds,
  RenderingSeconds: MetricUnit.Seconds,
  MergingSeconds: MetricUnit.Seconds,
  PublishingSeconds: MetricUnit.Seconds,
  Cost: MetricUnit.NoUnit,
} as const;
export type MetricName = keyof typeof METRICS;

/** The metric of each phase, by the event that begins it. */
const PHASES: Readonly<Record<string, MetricName>> = {
  rendering: 'RenderingSeconds',
  merging: 'MergingSeconds',
  publishing: 'PublishingSeconds',
};

/**
 * Counts the events of jobs for CloudWatch. It writes one log line in the embedded metric format at the end
 * of each run, which costs no request and needs no permission.
 *
 * @param functionName the value of the metrics' dimension
 */
export const countJobs =
  (functionName: string): WatchJob =>
  () =>
    new JobCounter(functionName);

class JobCounter implements JobWatcher {
  readonly #functionName: string;
  readonly #counts = new Map<MetricName, number>();
  #phase: MetricName = 'PlanningSeconds';
  #began = performance.now();
  #isPublished = false;

  constructor(functionName: string) {
    this.#functionName = functionName;
  }

  onEvent(event: JobEvent): void {
    const phase = PHASES[event.state];
    if (phase) this.#begin(phase);
    if (event.state === 'retrying') this.#add('Retries', 1);
    else if (event.state === 'refused') this.#add('Throttles', 1);
    else if (event.state === 'done') {
      this.#add(event.reused ? 'ChunksReused' : 'ChunksDrawn', 1);
      if (!event.reused) this.#add('FramesDrawn', event.frames);
    } else if (event.state === 'handing over') this.#add('HandOvers', 1);
    else if (event.state === 'spent') this.#add('Cost', event.cost.total);
    else if (event.state === 'finished') this.#add('JobsFinished', 1);
    else if (event.state === 'failed' && event.error.name !== 'JobTakenOver')
      this.#add(event.error.name === 'Cancelled' ? 'JobsCancelled' : 'JobsFailed', 1);
  }

  async close(): Promise<void> {
    if (this.#isPublished) return;
    this.#isPublished = true;
    this.#begin(this.#phase);
    // One each: what it would keep between two runs belongs to none.
    const metrics = new Metrics({namespace: NAMESPACE, serviceName: this.#functionName});
    for (const [name, value] of this.#counts) metrics.addMetric(name, METRICS[name], value);
    metrics.publishStoredMetrics();
  }

  #begin(phase: MetricName): void {
    const now = performance.now();
    this.#add(this.#phase, (now - this.#began) / 1000);
    this.#phase = phase;
    this.#began = now;
  }

  #add(name: MetricName, value: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
  }
}
