import {z} from 'zod';

/** The contents of an ended invocation's REPORT line. */
export interface Report {
  /** Id of the invocation's request. */
  id: string;
  /** Whole milliseconds that are billed, a cold start's included. */
  billedMs: number;
  /** Milliseconds of a cold start; left out for a warm one. */
  initMs?: number;
  memoryMb: number;
  /** Milliseconds from the delivery of the event to its end, without a cold start. */
  durationMs: number;
}

/** A line of a function whose log format is JSON. Lambda Telemetry API, "platform.report" */
const JsonReport = z.object({
  type: z.literal('platform.report'),
  record: z.object({
    requestId: z.string().min(1),
    metrics: z.object({
      durationMs: z.number().min(0),
      billedDurationMs: z.number().min(0),
      memorySizeMB: z.number().min(1),
      initDurationMs: z.number().min(0).optional(),
    }),
  }),
});

/**
 * Finds the last REPORT line in an invocation's log, in either of Lambda's log formats; undefined if there is
 * none. A tail of a log (`LogType: Tail`) is the last 4 KB, already decoded from base64 here. It may begin in
 * the middle of a line, which does not count.
 *
 * The time to restore a snapshot is billed separately and not in here: functions of an image have no
 * snapshots.
 */
export function readReport(log: string): Report | undefined {
  for (const line of log.split('\n').reverse()) {
    const report = readText(line) ?? readJson(line);
    if (report) return report;
  }
  return undefined;
}

function readText(line: string): Report | undefined {
  // Not `^REPORT`: what a function writes last may have no end of line.
  const at = line.lastIndexOf('REPORT RequestId: ');
  if (at < 0) return undefined;
  // The names are those of whole fields: "Duration" is also the end of three others'.
  const fields = new Map(
    line
      .slice(at + 'REPORT '.length)
      .split('\t')
      .map((field): [string, string] => {
        const [name = '', value = ''] = field.split(': ');
        return [name.trim(), value.trim()];
      }),
  );
  const id = fields.get('RequestId');
  const durationMs = amount(fields.get('Duration'), 'ms');
  const billedMs = amount(fields.get('Billed Duration'), 'ms');
  const memoryMb = amount(fields.get('Memory Size'), 'MB');
  const initMs = amount(fields.get('Init Duration'), 'ms');
  if (!id || durationMs === undefined || billedMs === undefined || !memoryMb) return undefined;
  return {id, billedMs, ...(initMs !== undefined && {initMs}), memoryMb, durationMs};
}

function amount(text: string | undefined, unit: 'ms' | 'MB'): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?) (?:ms|MB)$/.exec(text ?? '') ?? [];
  return digits !== undefined && text?.endsWith(unit) ? Number(digits) : undefined;
}

function readJson(line: string): Report | undefined {
  const at = line.indexOf('{');
  if (at < 0 || !line.includes('"platform.report"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(at));
  } catch {
    return undefined;
  }
  const parsed = JsonReport.safeParse(value);
  if (!parsed.success) return undefined;
  const {requestId, metrics} = parsed.data.record;
  const {durationMs, billedDurationMs, memorySizeMB, initDurationMs} = metrics;
  return {
    id: requestId,
    billedMs: billedDurationMs,
    ...(initDurationMs !== undefined && {initMs: initDurationMs}),
    memoryMb: memorySizeMB,
    durationMs,
  };
}
