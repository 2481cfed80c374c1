import type {Attempt, Trace} from '../../model/trace.ts';
import {PARTS, type Part, splitAttempt} from './parts.ts';

/** A run's place on the axis, in milliseconds. */
export interface Span {
  trace: Trace;
  from: number;
  to: number;
  /**
   * Milliseconds between the end of the run before and this one; if that is long, more than the picture
   * shows.
   */
  gap: number;
}

/** One attempt on the axis, in a row of its own where its chunk has another one at that time. */
export interface Bar {
  attempt: Attempt;
  run: number;
  row: number;
  from: number;
  to: number;
  stretches: {part: Part; from: number; to: number}[];
}

/** The contents of the picture: times in milliseconds from 0 to `length`. */
export interface Lanes {
  length: number;
  spans: Span[];
  /** The chunk of each row; several rows for one that was tried twice at a time. */
  rows: number[];
  bars: Bar[];
}

/** The share of the axis that the time between two runs takes at most: it may have been a day. */
const GAP_SHARE = 0.03;

/** Lays out all runs of a job one after the other, every chunk in its row. */
export function layOut(traces: readonly Trace[]): Lanes {
  const spans = spread(traces);
  const all = spans.flatMap(({trace, from, to}) =>
    trace.attempts.map((attempt) => toBar(attempt, {run: trace.run, from, to})),
  );
  const byChunk = Map.groupBy(all, ({attempt}) => attempt.chunk);
  const chunks = Math.max(
    0,
    ...traces.map(({film}) => film?.chunks ?? 0),
    ...[...byChunk.keys()].map((chunk) => chunk + 1),
  );
  const rows: number[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = rows.length;
    const ends: number[] = [];
    for (const bar of (byChunk.get(chunk) ?? []).toSorted((a, b) => a.from - b.from)) {
      const free = ends.findIndex((end) => end <= bar.from);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = bar.to;
      bar.row = first + lane;
    }
    for (let lane = 0; lane < Math.max(1, ends.length); lane++) rows.push(chunk);
  }
  return {length: Math.max(1, spans.at(-1)?.to ?? 0), spans, rows, bars: all};
}

function spread(traces: readonly Trace[]): Span[] {
  const busy = traces.reduce((sum, {ended}) => sum + ended, 0);
  const spans: Span[] = [];
  let at = 0;
  for (const [index, trace] of traces.entries()) {
    const before = traces[index - 1];
    const gap = before ? Math.max(0, trace.began - before.began - before.ended) : 0;
    at += Math.min(gap, busy * GAP_SHARE);
    spans.push({trace, from: at, to: at + trace.ended, gap});
    at += trace.ended;
  }
  return spans;
}

function toBar(attempt: Attempt, {run, from, to}: {run: number; from: number; to: number}): Bar {
  const split = splitAttempt(attempt);
  const place = (at: number) => Math.min(to, from + at);
  let at = place(attempt.queued);
  const bar: Bar = {attempt, run, row: 0, from: at, to: place(attempt.ended), stretches: []};
  for (const part of Object.keys(PARTS) as Part[]) {
    if (split[part] <= 0) continue;
    const end = Math.min(to, at + split[part]);
    bar.stretches.push({part, from: at, to: end});
    at = end;
  }
  return bar;
}
