import {createHash} from 'node:crypto';
import {type ErrorName, RenderError} from '../../../src/base/errors.ts';
import {pause} from '../../../src/base/pause.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {PartialRender} from '../../../src/model/event.ts';
import {chunkKey, chunkRecordKey, runKey} from '../../../src/model/keys.ts';
import type {Bucket, Chance} from './storage.ts';

/** The bytes of a chunk, so that a film shows the origin of each of its frames. */
export const bytesOf = (start: number, end: number): Buffer =>
  Buffer.from(Array.from({length: end - start}, (_, index) => `${start + index},`).join(''));

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
    const {start, end, content, run} = chunk as NonNullable<PartialRender['chunk']>;
    const base = 500 * (end - start) + chance.upTo(1_000);
    const until = performance.now() + (chance.happens(slow) ? base * 50 : base);
    // Like a worker, it checks now and then whether its chunk is still needed.
    do {
      const there = bucket.objects.get(chunkRecordKey({start, end, content}));
      const {key, bytes, frames} = JSON.parse(String(there ?? '{}'));
      if (there) return {jobId, workerId, start, end, frames, key, bytes, reused: true, seconds: 1};
      if (bucket.objects.has(runKey(jobId, run, 'stop')))
        throw new RenderError('Aborted', 'The job of this chunk was stopped.');
      await pause(Math.max(1, Math.min(2_000, until - performance.now())));
      await goOn();
    } while (performance.now() < until);
    if ([...broken].some((frame) => start <= frame && frame < end))
      throw new RenderError('SceneFailed', 'the paint ran out');
    const bytes = bytesOf(start, end);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const name = {content, start, end};
    const key = chunkKey(name, {sha256, extension: 'h264'});
    const fails = chance.happens(failing);
    const failure = new RenderError(
      PASSING[Math.floor(chance.upTo(PASSING.length))] ?? 'TimedOut',
      'bad luck',
    );
    if (fails && chance.happens(0.6)) throw failure;
    bucket.objects.set(key, chance.happens(corrupt) ? Buffer.from('other bytes') : bytes);
    const record = {...name, key, bytes: bytes.length, sha256, frames: end - start};
    bucket.objects.set(chunkRecordKey(name), Buffer.from(JSON.stringify(record)));
    // Drawn and stored, but the answer is lost.
    if (fails) throw failure;
    return {
      jobId,
      workerId,
      start,
      end,
      frames: end - start,
      key,
      bytes: bytes.length,
      reused: false,
      seconds: 1,
    };
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
