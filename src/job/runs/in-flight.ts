import type {JobEvent} from '../../model/job-events.ts';

/** Knows which chunks workers render right now. */
export class InFlight {
  readonly #chunks = new Set<number>();
  #starved = false;

  /** Notes an event. */
  observe(event: JobEvent): void {
    if (event.state === 'started') this.#chunks.add(event.workerId);
    if (event.state !== 'done' && event.state !== 'retrying' && event.state !== 'refused') return;
    this.#chunks.delete(event.workerId);
    if (event.state !== 'retrying') this.#starved = event.state === 'refused' && this.#chunks.size === 0;
  }

  /** Indices of these chunks. */
  get chunks(): readonly number[] {
    return [...this.#chunks];
  }

  /** Whether none of the job's chunks finds room. */
  get starved(): boolean {
    return this.#starved;
  }
}
