import {randomUUID} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {copyFile, mkdir, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import type {ReadableStream} from 'node:stream/web';
import {fileURLToPath} from 'node:url';
import {pause} from '../../base/pause.ts';
import type {CallOptions} from './client.ts';
import {RenderFailed} from './errors.ts';
import type {RenderResult} from './types.ts';

/** Tries at a film, and the milliseconds between them. */
const [ATTEMPTS, WAIT] = [3, 1_000];

/**
 * Fetches a film into a file. It is written beside it first, and takes its place once it is known to be whole.
 *
 * Rejects with a `RenderFailed` (`DownloadFailed`), with what the file system says, or with the signal's reason.
 */
export async function downloadFilm(
  {jobId, resultUrl, bytes}: RenderResult,
  path: string,
  {signal}: CallOptions,
): Promise<void> {
  const file = resolve(path);
  const beside = join(dirname(file), `.${basename(file)}-${randomUUID()}`);
  await mkdir(dirname(file), {recursive: true});
  try {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const problem = await fetchTo(beside, {resultUrl, bytes, signal});
      if (problem === undefined) break;
      signal?.throwIfAborted();
      const message = `The film of job ${jobId} cannot be fetched: ${problem.why}.`;
      if (!problem.passing || attempt === ATTEMPTS)
        throw new RenderFailed({jobId, errorType: 'DownloadFailed', message, retryable: problem.passing});
      await pause(WAIT * attempt, signal);
    }
    await rename(beside, file);
  } finally {
    await rm(beside, {force: true});
  }
}

/** A body that is longer than the film. */
class TooLong extends Error {}

/** Passes on a body of at most so many bytes: a server that never ends one would fill the disk. */
const atMost = (bytes: number) =>
  async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let arrived = 0;
    for await (const piece of body) {
      arrived += piece.length;
      if (arrived > bytes) throw new TooLong(`more than the film's ${bytes} bytes arrived`);
      yield piece;
    }
  };

/** The failure, and whether a retry may help. Errors of this machine's disk are thrown. */
type Problem = {why: string; passing: boolean};

async function fetchTo(
  path: string,
  {resultUrl, bytes, signal}: Pick<RenderResult, 'resultUrl' | 'bytes'> & CallOptions,
): Promise<Problem | undefined> {
  if (resultUrl.startsWith('file:')) {
    // For the service on this machine, with a folder in place of a bucket.
    await copyFile(fileURLToPath(resultUrl), path);
  } else {
    try {
      const answer = await fetch(resultUrl, {...(signal && {signal})});
      if (!answer.ok || !answer.body) {
        await answer.body?.cancel();
        return {why: `the answer was ${answer.status}`, passing: answer.status >= 500};
      }
      await pipeline(
        Readable.fromWeb(answer.body as ReadableStream),
        atMost(bytes),
        createWriteStream(path),
        {...(signal && {signal})},
      );
    } catch (error) {
      if (error instanceof TooLong) return {why: error.message, passing: false};
      const {code, message, cause} = error as NodeJS.ErrnoException;
      // A full or broken disk has no path to blame.
      if (/^(ENOSPC|EDQUOT|EIO|EFBIG)$/.test(code ?? '')) throw error;
      if (code?.startsWith('E') && (error as NodeJS.ErrnoException).path) throw error;
      return {why: `${message}${cause instanceof Error ? ` (${cause.message})` : ''}`, passing: true};
    }
  }
  const {size} = await stat(path);
  return size === bytes ? undefined : {why: `${size} of ${bytes} bytes arrived`, passing: true};
}
