import {ExecaError} from 'execa';
import {shownAddress} from '../../base/address.ts';
import {RenderError} from '../../base/errors.ts';
import {hideSecrets} from '../../base/hide-secrets.ts';
import {type FfmpegRun, runFfmpeg} from '../ffmpeg.ts';

/** A source of sound. */
export interface SourceNames {
  /** The address as the project names it. */
  src: string;
  /** ffmpeg's input for it: a path, or an http address of our own server. */
  location: string;
}

/** Files that hold what they play. Others (hls, dash, concat, image2 …) name further files and addresses, and are not opened. */
const FORMATS = [
  ...['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2', 'matroska', 'webm', 'avi', 'flv', 'asf', 'mpegts', 'mpeg'],
  ...['mp3', 'wav', 'w64', 'aiff', 'caf', 'au', 'ogg', 'flac', 'aac', 'ac3', 'eac3', 'amr'],
];
const ALLOWED = ['-format_whitelist', FORMATS.join(',')];

/** Whether the location is our own server's, where it reads what another one has. */
const isOurs = ({src, location}: SourceNames) => location !== src && /^http:/i.test(location);

/** ffmpeg's arguments that open a source, and nothing that the source itself may name. */
export function inputArguments(source: SourceNames): string[] {
  const {location} = source;
  // Our own server sees to a bad connection itself, and tells when it gives up.
  if (isOurs(source)) return [...ALLOWED, '-protocol_whitelist', 'http,tcp', '-i', location];
  // The prefix keeps a name with a colon or a leading dash what it is.
  return [...ALLOWED, '-protocol_whitelist', 'file', '-i', `file:${location}`];
}

/** The properties of a source that cutting needs. */
export interface SourceKind {
  /** One channel, which plays on both sides at its full amplitude; ffmpeg by default would take 3 dB off. */
  mono: boolean;
  /**
   * The picture follows the container's own clock, in a browser and in this renderer. ffmpeg would move that
   * clock so that the earliest packet is at 0, which for Opus in WebM is 7 ms before any sound. For other
   * containers (mp3, ogg, ts) the start that ffmpeg finds is the right one.
   */
  ownClock: boolean;
}

/** A run of ffmpeg for one source. */
export type SourceRun = Omit<FfmpegRun, 'what' | 'onLine'> & SourceNames;

/** ffmpeg's description of a source's first sound; undefined if it has none. Rejects as `readSource` does. */
export async function probeSource(input: string[], run: SourceRun): Promise<SourceKind | undefined> {
  const lines: string[] = [];
  // The one output that needs no stream: ffmpeg opens the source, describes it, and ends well.
  const args = ['-loglevel', 'info', ...input, '-map_metadata', '-1', '-f', 'ffmetadata', '/dev/null'];
  const what = `looking into ${shownAddress(run.src)}`;
  await readSource(args, {...run, what, onLine: (line) => lines.push(line)});
  const sound = lines.find((line) => /^ *Stream #0:\d.*: Audio: /.test(line));
  if (!sound) return undefined;
  return {
    mono: /, (mono|1 channels)\b/.test(sound),
    ownClock: lines.some((line) => /^Input #0, (matroska|mov),/.test(line)),
  };
}

/** Runs ffmpeg on a source. Rejects with `MediaFailed` that names it where `runFfmpeg` has `FfmpegFailed`. */
export async function readSource(args: string[], run: FfmpegRun & SourceNames): Promise<void> {
  const {src} = run;
  const fail = (reason: string, cause?: unknown) =>
    new RenderError('MediaFailed', `The sound of ${shownAddress(src)} cannot be read: ${reason}`, {cause});
  try {
    await runFfmpeg(args, run);
  } catch (error) {
    // An ffmpeg that was killed says nothing of the source.
    if (!(error instanceof RenderError && error.cause instanceof ExecaError) || !error.cause.exitCode)
      throw error;
    const last = error.message.split('\n').at(-1) ?? '';
    throw fail((await findRefusal(run)) ?? reasonOf(last, run), error);
  }
  // ffmpeg takes a source that breaks off for one that ends.
  const refusal = await findRefusal(run);
  if (refusal) throw fail(refusal);
}

/** ffmpeg's last words with the source's own address in place of where it was read. */
const reasonOf = (last: string, {src, location}: SourceNames): string =>
  hideSecrets(last.replaceAll(`file:${location}`, location).replaceAll(location, shownAddress(src)));

/** Our own server knows why it could not continue with another server's file; ffmpeg does not. */
async function findRefusal(source: SourceNames & Pick<FfmpegRun, 'signal'>): Promise<string | undefined> {
  if (!isOurs(source)) return undefined;
  const answer = await fetch(source.location, {headers: {range: 'bytes=0-0'}, signal: source.signal}).catch(
    () => undefined,
  );
  return answer && !answer.ok ? `${await answer.text()}.` : undefined;
}
