import {RenderError} from './errors.ts';
import {type ChunkName, chunkRecordKey, runKey} from './keys.ts';
import {pause} from './pause.ts';
import type {Storage} from './storage/storage.ts';

/** Milliseconds between two looks: "within seconds", at two HEAD requests a look. */
const LOOK = 2_000;

/** What a worker looks for while it draws. */
interface LookOptions {
  storage: Storage;
  jobId: string;
  chunk: ChunkName & {run: number};
  signal: AbortSignal;
}

/** Why nobody waits for a chunk any more. */
export class NobodyWaits extends RenderError {
  /** Somebody else has drawn it. */
  readonly isThere: boolean;

  constructor(isThere: boolean) {
    super('Aborted', isThere ? 'Another worker has drawn this chunk.' : 'The job of this chunk was stopped.');
    this.isThere = isThere;
  }
}

/**
 * Nobody can stop a Lambda function from outside: a worker itself looks now and then whether its job was stopped, or
 * its chunk drawn by another. Returns a signal that fires then, with a `NobodyWaits`, until `signal` ends the looking.
 */
export function nobodyWaits({storage, jobId, chunk, signal}: LookOptions): AbortSignal {
  const found = new AbortController();
  const look = async () => {
    for (;;) {
      const [stop, record] = await Promise.all([
        storage.head(runKey(jobId, chunk.run, 'stop')),
        storage.head(chunkRecordKey(chunk)),
      ]).catch(() => []);
      if (signal.aborted) return;
      if (stop || record) return found.abort(new NobodyWaits(Boolean(record)));
      await pause(LOOK, signal);
    }
  };
  // It ends when `signal` fires; a look that fails is made up for by the next one.
  look().catch(() => {});
  return found.signal;
}
