/** The contents of an invocation's REPORT line. */
export interface Report {
  readonly requestId: string;
  /** Milliseconds from the delivery of the event to the environment's return. */
  readonly durationMs: number;
  /** Milliseconds from the process's start to its first request for an event; only after a cold start. */
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
}

/**
 * The REPORT line of an invocation, as "Building Lambda functions with Node.js", "Log and monitor Node.js
 * Lambda functions", shows it. Billed are whole milliseconds, initialisation included
 * (AWS Compute Blog, "AWS Lambda standardizes billing for INIT Phase").
 */
export function reportLine({requestId, durationMs, initMs, memoryMb, maxMemoryMb}: Report): string {
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
  ];
  if (initMs !== undefined) fields.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  return `${fields.join('\t')}\t`;
}
