/** How a job is rendered: limits that change nothing of the film. */
export interface JobPolicy {
  /** Chunks that run at the same time, at least 1; the engine's capacity if left out. */
  concurrency?: number | undefined;
  /** Tries at the plan, at the sound and at each chunk, at least 1; 3 if left out. */
  attempts?: number | undefined;
  /** Whether a late chunk is started a second time; if left out, where the engine isolates its workers. */
  doubling?: boolean | undefined;
  /** US dollars for a job whose event sets no limit; `DEFAULT_MAX_COST` if left out. Without `costOf` it has no effect. */
  maxCost?: number | undefined;
}
