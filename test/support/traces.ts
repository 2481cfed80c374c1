import type {Attempt, Trace} from '../../src/model/trace.ts';
import {gbSecondsOf, type LambdaUsage} from '../../src/model/usage.ts';

/** The properties of a made-up job. */
export interface TraceOptions {
  chunks: number;
  frames?: number;
  /** Workers at a time. */
  room?: number;
  jobId?: string;
  run?: number;
  began?: number;
  request?: Record<string, unknown>;
}

const BEGAN = Date.UTC(2026, 10, 21, 9, 30);

/** The same disorder in every run: a number from 0 to 1 for each index. */
const chance = (index: number) => (Math.imul(index + 1, 2_654_435_761) >>> 8) / 2 ** 24;

/**
 * The trace of a run with this many chunks: every seventeenth chunk fails once, every 23rd is begun twice.
 */
export function makeTrace(options: TraceOptions): Trace {
  const {chunks, frames = chunks * 45, room = 100, jobId = 'summer-film', run = 1} = options;
  const began = options.began ?? BEGAN;
  const free = Array.from({length: Math.min(room, chunks)}, () => 2_600);
  const attempts: Attempt[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const [start, end] = [chunk, chunk + 1].map((index) => Math.floor((index * frames) / chunks)) as [
      number,
      number,
    ];
    const place = {chunk, start, end};
    const lane = free.indexOf(Math.min(...free));
    let from = (free[lane] ?? 0) + 40;
    if (chunk % 17 === 5) {
      attempts.push(failed(place, from));
      from += 1_900;
    }
    const done = drawn(place, {from, attempt: chunk % 17 === 5 ? 2 : 1});
    attempts.push(done);
    if (chunk % 23 === 9) attempts.push(superseded(place, {from: from + 1_200, to: done.ended}));
    free[lane] = done.ended;
  }
  const ended = Math.max(...attempts.map((attempt) => attempt.ended));
  const gbSeconds = attempts.reduce((sum, {used}) => sum + (used ? gbSecondsOf(used) : 0), 0);
  const compute = gbSeconds * 0.0000133334;
  return {
    ...{jobId, run, version: '0.1.0', began, ended: ended + 900, outcome: 'finished'},
    request: options.request ?? {
      jobType: 'fullRender',
      jobId,
      numWorkers: chunks,
      variables: {message: 'hi'},
    },
    engine: 'lambda',
    film: {frames, fps: 30, size: {width: 1920, height: 1080}, chunks},
    phases: [
      {name: 'planning', began: 0, ended: 2_600},
      {name: 'rendering', began: 2_600, ended},
      {name: 'sound', began: 2_620, ended: 3_900},
      {name: 'merging', began: ended, ended: ended + 600},
      {name: 'publishing', began: ended + 600, ended: ended + 900},
    ],
    attempts,
    orchestrator: {...invocation(-1, ended + 900), kind: 'fullRender', exact: false},
    used: [{provider: 'aws-s3', writes: chunks * 2 + 9, reads: chunks * 3 + 12}],
    cost: {
      ...{
        compute,
        requests: attempts.length * 2e-7,
        storage: chunks * 1.2e-5,
        total: compute + chunks * 1.22e-5,
      },
      ...{invocations: attempts.length + 1, gbSeconds, exact: true},
      prices: {region: 'eu-central-1', date: '2026-11-01'},
    },
  };
}

type Place = Pick<Attempt, 'chunk' | 'start' | 'end'>;

const invocation = (chunk: number, billedMs: number, initMs?: number): LambdaUsage => ({
  provider: 'aws-lambda',
  ...{id: `invocation-${chunk}`, kind: 'partialRender', billedMs: Math.round(billedMs), memoryMb: 2048},
  ...(initMs !== undefined && {initMs}),
  ...{architecture: 'arm64', exact: true},
});

function drawn(place: Place, {from, attempt}: {from: number; attempt: number}): Attempt {
  const luck = chance(place.chunk);
  const frames = place.end - place.start;
  const initMs = luck > 0.3 ? 900 + luck * 600 : undefined;
  const seconds = {
    ...{opening: 0.5 + luck * 0.3, drawing: frames * (0.03 + luck * 0.02)},
    ...{encoding: frames * 0.012, storing: 0.12 + luck * 0.1},
  };
  const own = Object.values(seconds).reduce((a, b) => a + b, 0) * 1000;
  const began = from + luck * 250;
  return {
    ...place,
    ...{attempt, double: false, queued: from, began, ended: began + own + (initMs ?? 0) + 90},
    ...{outcome: 'done', seconds, bytes: 40_000 + frames * 900},
    used: invocation(place.chunk, own + (initMs ?? 0), initMs),
  };
}

const failed = (place: Place, from: number): Attempt => ({
  ...{...place, attempt: 1, double: false, queued: from, began: from, ended: from + 1_800, outcome: 'failed'},
  error: {
    errorType: 'BrowserCrashed',
    errorMessage: `The browser died while frame ${place.start} was drawn.`,
  },
});

const superseded = (place: Place, {from, to}: {from: number; to: number}): Attempt => ({
  ...{...place, attempt: 2, double: true, queued: from, began: from, ended: to, outcome: 'superseded'},
});
