import {createHash} from 'node:crypto';
import {type ErrorName, RenderError} from '../../../src/base/errors.ts';
import {pause} from '../../../src/base/pause.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {PartialRender} from '../../../src/model/event.ts';
import {packKey, runKey, untilKey} from '../../../src/model/keys.ts';
import {segmentRanges} from '../../../src/model/segments.ts';
import {SCHEMA} from '../../../src/storage/record.ts';
import type {Bucket, Chance} from './storage.ts';

/** The bytes of a chunk, so that a film shows the origin of each of its frames. */
export const bytesOf = (start: number, end: number): Buffer =>
  Buffer.from(Array.from({length: end - start}, (_, index) => `${start + index},`).join(''));

/** A pack of segments, whose bytes are others than its index says if it is corrupt. */
function packOf(
  ranges: readonly {start: number; end: number}[],
  {content, corrupt}: {content: string; corrupt: boolean},
) {
  const parts = ranges.map(({start, end}) => bytesOf(start, end));
  const [start, end] = [ranges[0]?.start ?? 0, ranges.at(-1)?.end ?? 0];
  const segments = parts.map((part, index) => ({
    frames: (ranges[index]?.end ?? 0) - (ranges[index]?.start ?? 0),
    bytes: part.length,
    sha256: createHash('sha256').update(part).digest('hex'),
  }));
  const index = Buffer.from(`${JSON.stringify({schema: SCHEMA, content, start, end, segments})}\n`);
  const bytes = Buffer.concat(parts);
  if (corrupt) bytes.fill('x', 0, 1);
  return {key: packKey({content, start, end}), body: Buffer.concat([index, bytes]), bytes: bytes.length};
}

/** Failures that another try can help. */
const PASSING: readonly ErrorName[] = [
  'WorkerCrashed',
  'TimedOut',
  'InvokeLost',
  'BrowserCrashed',
  'RenderStalled',
];

export interface Workers {
  bucket: Bucket;
  chance: Chance;
  /** Probability that a try fails for a passing reason. */
  failing: number;
  /** Probability that a try takes far longer than others. */
  slow: number;
  /** Probability that a worker stores other bytes than its record says. */
  corrupt: number;
  /** Frames whose scene throws. */
  broken: ReadonlySet<number>;
  /** How many workers there is room for, of all orchestrators together. */
  room: {left: number};
}

/** One orchestrator as the engine has seen it. */
export interface Seen {
  running: number;
  peak: number;
  /** Chunks that were begun, by their first frame. */
  begun: number[];
}

/** Workers of a simulated Lambda: they continue when their orchestrator is gone. */
export function simulatedEngine(
  {bucket, chance, failing, slow, corrupt, broken, room}: Workers,
  {concurrency, seen, isDead}: {concurrency: number; seen: Seen; isDead: () => boolean},
): Engine {
  const draw = async ({chunk, jobId, workerId}: PartialRender, goOn = async () => {}) => {
    const {content, run, ticket = ''} = chunk as NonNullable<PartialRender['chunk']>;
    const {draw = chunk, segments = []} = chunk as NonNullable<PartialRender['chunk']>;
    const {start, end} = draw as {start: number; end: number};
    const answer = {jobId, workerId, start, end, frames: end - start, seconds: 1};
    const base = 500 * (end - start) + chance.upTo(1_000);
    const until = performance.now() + (chance.happens(slow) ? base * 50 : base);
    // Like a worker, it checks now and then whether its frames are still needed.
    do {
      const earlier = bucket.objects.get(untilKey(jobId, {run, ticket}));
      if (earlier && JSON.parse(String(earlier)).end <= start)
        return {...answer, end: start, frames: 0, packs: [], bytes: 0, reused: true};
      if (bucket.objects.has(runKey(jobId, run, 'stop')))
        throw new RenderError('Aborted', 'The job of this chunk was stopped.');
      await pause(Math.max(1, Math.min(2_000, until - performance.now())));
      await goOn();
    } while (performance.now() < until);
    if ([...broken].some((frame) => start <= frame && frame < end))
      throw new RenderError('SceneFailed', 'the paint ran out');
    const fails = chance.happens(failing);
    const failure = new RenderError(
      PASSING[Math.floor(chance.upTo(PASSING.length))] ?? 'TimedOut',
      'bad luck',
    );
    if (fails && chance.happens(0.6)) throw failure;
    const whole = segmentRanges(segments, (chunk as {start: number}).start);
    // Some fail with a part of their segments stored.
    const drawn = whole.filter((one) => start <= one.start && one.end <= end);
    const stored = fails ? drawn.slice(0, 1 + chance.upTo(drawn.length)) : drawn;
    const pack = packOf(stored, {content, corrupt: chance.happens(corrupt)});
    bucket.objects.set(pack.key, pack.body);
    // Drawn and stored, but the answer is lost.
    if (fails) throw failure;
    const {key, bytes} = pack;
    return {...answer, packs: [{key, start, end, bytes}], bytes, reused: false};
  };
  return {
    name: 'simulated',
    traits: {isolated: true, stops: true, progress: 'callback'},
    capacity: () => concurrency,
    async run(event, {started}, {signal}) {
      started?.();
      await new Promise((resolve) => setTimeout(resolve, 10 + chance.upTo(100)));
      if (isDead()) await new Promise(() => {});
      signal.throwIfAborted();
      if (room.left === 0) throw new RenderError('InvokeThrottled', 'Rate exceeded.');
      room.left--;
      seen.begun.push(event.chunk?.start ?? -1);
      seen.peak = Math.max(seen.peak, ++seen.running);
      const over = draw(event).finally(() => room.left++);
      over.catch(() => {});
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), {once: true});
      });
      try {
        const result = await Promise.race([over, aborted]);
        if (isDead()) await new Promise(() => {});
        return result;
      } finally {
        seen.running--;
      }
    },
    // Work here dies with its orchestrator.
    async runHere(event, _, {signal}) {
      seen.begun.push(event.chunk?.start ?? -1);
      seen.peak = Math.max(seen.peak, ++seen.running);
      try {
        return await draw(event, async () => {
          if (isDead()) await new Promise(() => {});
          signal.throwIfAborted();
        });
      } finally {
        seen.running--;
      }
    },
    close: async () => {},
  };
}
