import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {RenderError} from '../../../src/base/errors.ts';
import {pause} from '../../../src/base/pause.ts';
import type {Storage} from '../../../src/storage/storage.ts';

/** The random choices of the world. */
export interface Chance {
  /** Whether something that happens with this probability happens now. */
  happens(probability: number): boolean;
  /** Simulated milliseconds, from 0 to below `most`. */
  upTo(most: number): number;
}

/** Simulated milliseconds that a request may hang: longer than the timeout of a heartbeat. */
const HANGS = 40_000;

/** Objects that every view shows. */
export class Bucket {
  readonly objects = new Map<string, Buffer>();
  /** As a listing that is behind would tell it. */
  readonly earlier: string[][] = [];
  /** Called for each object once it is there. */
  onPut: (key: string, bytes: Buffer) => void = () => {};

  keys(): string[] {
    return [...this.objects.keys()].toSorted();
  }
}

export interface View {
  bucket: Bucket;
  chance: Chance;
  /** Probability that a request fails, with or without having been carried out. */
  failing: number;
  /** Probability that a listing is an older one. */
  stale: number;
  /** The view of a dead process hangs forever. */
  isDead: () => boolean;
  /** Called with the keys of each listing that is not stale. */
  onList?: (keys: readonly string[]) => void;
}

/** The bucket as one process sees it: with latency, faults, and, when the process is killed, not at all. */
export function viewOf({bucket, chance, failing, stale, isDead, onList = () => {}}: View): Storage {
  const request = async <T>(carryOut: () => T | Promise<T>, signal?: AbortSignal): Promise<T> => {
    await pause(1 + chance.upTo(80), signal);
    if (chance.happens(failing / 10)) await pause(HANGS, signal);
    if (isDead()) await new Promise(() => {});
    const fails = chance.happens(failing);
    const lost = new RenderError('StorageUnavailable', 'S3 does not answer.');
    if (fails && chance.happens(0.5)) throw lost;
    const result = await carryOut();
    if (fails) throw lost;
    return result;
  };
  const found = (key: string): Buffer => {
    const bytes = bucket.objects.get(key);
    if (!bytes) throw new RenderError('StorageNotFound', `There is no "${key}".`);
    return bytes;
  };
  return {
    bucket: 'simulated',
    async put(key, body, {ifAbsent = false, signal} = {}) {
      const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body as string);
      await request(() => {
        // S3 also says so where two write at once and neither gets through.
        if (ifAbsent && (bucket.objects.has(key) || chance.happens(failing)))
          throw new RenderError('StorageConflict', `"${key}" is taken.`);
        bucket.earlier.push(bucket.keys());
        bucket.objects.set(key, bytes);
        bucket.onPut(key, bytes);
      }, signal);
    },
    get: (key, {signal} = {}) => request(() => Readable.from([found(key)]), signal),
    head: (key) =>
      request(() => {
        const bytes = bucket.objects.get(key);
        return bytes && {key, bytes: bytes.length};
      }),
    async *list(prefix, {after = '', signal} = {}) {
      yield* await request(() => {
        const behind = chance.happens(stale) ? bucket.earlier.at(-1 - Math.floor(chance.upTo(5))) : undefined;
        const keys = (behind ?? bucket.keys()).filter((key) => key.startsWith(prefix) && key > after);
        if (!behind) onList(keys);
        return keys.map((key) => ({key, bytes: bucket.objects.get(key)?.length ?? 0}));
      }, signal);
    },
    delete: (keys) =>
      request(() => {
        for (const key of keys) bucket.objects.delete(key);
      }),
    url: async (key) => `simulated:${key}`,
  };
}
