import {tmpdir} from 'node:os';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {execa} from 'execa';
import {childEnvironment} from '../base/child-environment.ts';
import {roomLeft} from '../base/disk.ts';
import {saysDiskFull} from '../base/disk-full.ts';
import {RenderError} from '../base/errors.ts';
import {hideSecrets} from '../base/hide-secrets.ts';

export {findFfmpeg} from './find-ffmpeg.ts';

/** How to run ffmpeg. */
export interface FfmpegRun {
  /** The program, from `findFfmpeg`. */
  ffmpeg: string;
  /** The task in words that continue "while": `joining the chunks`. */
  what: string;
  /** Kills it; the promise then rejects with the signal's reason if that is one of our errors, else with `Aborted`. */
  signal: AbortSignal;
  /**
   * Milliseconds until it is killed, 0 for never; by default 15 minutes, the longest time of a Lambda
   * function.
   */
  timeoutMs?: number;
  /** Its standard input, if any. */
  input?: Readable;
  /** Given every line that ffmpeg writes to its standard error. */
  onLine?: (line: string) => void;
}

/** How many of ffmpeg's last lines an error repeats. */
const LAST_LINES = 10;

/**
 * Runs ffmpeg to its end, quietly, overwriting its outputs; it reads no commands. Rejects with
 * `FfmpegFailed`, or with `FfmpegKilled` if it did not end by itself. The message names the task, how it
 * ended and its last lines, and `cause` is the process error. Other names are `DiskFailed` if the disk was
 * full, `ToolMissing` if the program cannot be started, and `Aborted`.
 */
export async function runFfmpeg(args: readonly string[], run: FfmpegRun): Promise<void> {
  const {ffmpeg, signal, timeoutMs = 900_000} = run;
  if (signal.aborted) throw abortError(run);
  const quiet = ['-nostdin', '-nostats', '-hide_banner', '-loglevel', 'error', '-y'];
  const child = execa(ffmpeg, [...quiet, ...args], {
    ...(run.input ? {input: run.input} : {stdin: 'ignore' as const}),
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    extendEnv: false,
    env: childEnvironment(),
    cancelSignal: signal,
    timeout: timeoutMs,
    // SIGTERM would make it finish its files first, which are not needed.
    killSignal: 'SIGKILL',
    reject: false,
  });
  const last: string[] = [];
  const read = async () => {
    for await (const line of createInterface({input: child.stderr})) {
      run.onLine?.(line);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    }
  };
  const [result] = await Promise.all([child, read()]);
  const said = hideSecrets(last.join('\n'));
  if (signal.aborted && result.failed) throw abortError(run);
  // Older ones end well after a film that they could not finish.
  if (saysDiskFull(said)) {
    const message = `While ${run.what}, ffmpeg could not write. ${roomLeft(tmpdir())}\n${said}`;
    throw new RenderError('DiskFailed', message, {cause: result});
  }
  if (!result.failed) return;
  if (result.code) {
    throw new RenderError('ToolMissing', `${ffmpeg} could not be started: ${result.originalMessage}`, {
      cause: result,
    });
  }
  const end = result.timedOut
    ? `did not end within ${timeoutMs / 1000} s and was killed`
    : result.signal
      ? `was killed by ${result.signal}`
      : `ended with exit code ${result.exitCode}`;
  const name = result.timedOut || result.signal ? 'FfmpegKilled' : 'FfmpegFailed';
  throw new RenderError(name, `While ${run.what}, ffmpeg ${end}.\n${said}`.trimEnd(), {cause: result});
}

/** The error of a stopped task: the signal's reason if that is one of our errors, else `Aborted`. */
export function abortError({signal, what}: Pick<FfmpegRun, 'signal' | 'what'>): RenderError {
  if (signal.reason instanceof RenderError) return signal.reason;
  return new RenderError('Aborted', `Stopped while ${what}.`, {cause: signal.reason});
}
