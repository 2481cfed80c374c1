import type {Trace} from '../../../src/model/trace.ts';
import type {LambdaUsage} from '../../../src/model/usage.ts';

/** How a job of the past went. */
interface PastJob {
  jobId?: string;
  memoryMb: number;
  /** Seconds, half of them drawing and half encoding. */
  perFrame: number;
  /** Seconds in a worker that was there before. */
  opening?: number;
  /** Seconds more in one that was not. */
  cold?: number;
  initMs?: number;
}

const FRAMES = 10;
const CHUNKS = 8;

/** The record of a job of eight chunks of ten frames of 256 kB each, every second one of them cold. */
export function pastJob({
  jobId = 'past',
  memoryMb,
  perFrame,
  opening = 0.5,
  cold = 1,
  initMs = 500,
}: PastJob): Trace {
  const invocation = (id: string, kind: LambdaUsage['kind']): LambdaUsage => ({
    ...{provider: 'aws-lambda', id, kind, billedMs: 1000, memoryMb, architecture: 'x86_64', exact: true},
  });
  const attempts = Array.from({length: CHUNKS}, (_, chunk): Trace['attempts'][number] => {
    const isCold = chunk % 2 === 0;
    const half = (perFrame * FRAMES) / 2;
    return {
      ...{chunk, attempt: 1, double: false, start: chunk * FRAMES, end: (chunk + 1) * FRAMES},
      ...{queued: 0, began: 0, ended: 1000, outcome: 'done', bytes: FRAMES * 2 ** 18},
      seconds: {opening: opening + (isCold ? cold : 0), drawing: half, encoding: half, storing: 0.1},
      used: {...invocation(String(chunk), 'partialRender'), ...(isCold && {initMs})},
    };
  });
  return {
    ...{jobId, run: 1, version: '0.1.0', began: 0, ended: 20_000, outcome: 'finished'},
    ...{request: {quality: 'cheapest'}, engine: 'lambda', attempts},
    film: {frames: CHUNKS * FRAMES, fps: 30, size: {width: 1920, height: 1080}, chunks: CHUNKS},
    phases: [
      {name: 'merging', began: 10_000, ended: 15_000},
      {name: 'publishing', began: 15_000, ended: 15_400},
    ],
    orchestrator: invocation('first', 'fullRender'),
    used: [],
  };
}
