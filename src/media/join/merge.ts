import {createReadStream, createWriteStream} from 'node:fs';
import {rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {diskError, requireSpace} from '../../base/disk.ts';
import {persist} from '../../base/persist.ts';
import {type FrameRate, fpsToRational, timescaleOf} from '../../model/frame-rate.ts';
import type {ChunkFile} from '../../model/segment-file.ts';
import {abortError, findFfmpeg, runFfmpeg} from '../ffmpeg.ts';
import type {JoinPlan, MuxSettings} from '../formats/output-format.ts';
import {lastFrameSeconds} from '../verify-film.ts';

/** The parts of one film. */
export interface MergeRequest {
  /** In the film's order; each an H.264 Annex B stream that starts with a keyframe and has no reordered frames. */
  chunks: readonly ChunkFile[];
  /** Remove each chunk once it is joined, so that a long film is on the disk once and not twice. */
  consume?: boolean;
  /** A sound file of the film's length; without it the film has no sound track. */
  soundtrack?: string | undefined;
  timeline: JoinPlan;
  format: MuxSettings;
  /** The film's metadata, by names that ffmpeg knows: `title`, `comment`. */
  metadata?: Readonly<Record<string, string>>;
  /** For the film and for the joined picture on the way to it. */
  directory: string;
  signal: AbortSignal;
  /** The program; searched if left out. */
  ffmpeg?: string;
}

/**
 * Joins the chunks byte by byte and muxes them with the sound into the finished film. The picture stays as it
 * was encoded, the sound is encoded once, both start at 0, and every frame is equally long.
 *
 * @returns the film's path, in `directory`
 * Rejects with `FfmpegFailed`, `ToolMissing`, `BadSetting` or `Aborted`.
 */
export async function mergeFilm(request: MergeRequest): Promise<string> {
  const {chunks, timeline, format, directory, signal} = request;
  const film = join(directory, `film.${format.extension}`);
  const joined = join(directory, `joined.${format.chunkExtension}`);
  const rate = fpsToRational(timeline.fps);
  const tools = {...request, ffmpeg: request.ffmpeg ?? (await findFfmpeg()), rate, film};
  try {
    await concat(chunks, {path: joined, consume: request.consume ?? false, signal});
    const {size} = await stat(joined);
    const sound = (SOUND_BYTES * timeline.frames) / timeline.fps;
    await requireSpace(directory, {bytes: size + sound, what: 'to write the film'});
    await mux(joined, tools);
    if (await endsOnGrid(film, rate)) return film;
    const timed = join(directory, `timed.${format.chunkExtension}`);
    await retime(joined, {...tools, timed});
    await rm(joined);
    await mux(timed, tools);
    await rm(timed);
    return film;
  } finally {
    await rm(joined, {force: true});
  }
}

/** Bytes of a second of the film's sound, at most. */
const SOUND_BYTES = 32_000;

/** One chunk after the other: a thousand of them neither fit a command line nor the files a process may have open. */
async function concat(
  chunks: readonly ChunkFile[],
  {path, consume, signal}: {path: string; consume: boolean; signal: AbortSignal},
): Promise<void> {
  await rm(path, {force: true});
  for (const chunk of chunks) {
    if (signal.aborted) throw abortError({signal, what: 'joining the chunks'});
    try {
      await pipeline(createReadStream(chunk.path), createWriteStream(path, {flags: 'a'}));
    } catch (error) {
      throw diskError(error, path);
    }
    if (consume) await rm(chunk.path);
  }
}

type Tools = MergeRequest & {ffmpeg: string; rate: FrameRate; film: string};

async function mux(picture: string, tools: Tools): Promise<void> {
  const {soundtrack, format, rate, metadata = {}, film, ffmpeg, signal} = tools;
  const sound = soundtrack
    ? ['-i', `file:${soundtrack}`, '-map', '0:v:0', '-map', '1:a:0', ...format.audioArguments]
    : [];
  const args = [
    // As an input's option it numbers the frames by itself; -framerate would give way to what the stream says.
    ...['-r', `${rate.numerator}/${rate.denominator}`, '-f', format.chunkDemuxer, '-i', `file:${picture}`],
    ...sound,
    ...['-c:v', 'copy', '-video_track_timescale', String(timescaleOf(rate))],
    ...Object.entries(metadata).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]),
    ...[...format.containerArguments, film],
  ];
  const run = {ffmpeg, signal, what: 'muxing the picture and the sound'};
  await persist(() => runFfmpeg(args, run), {signal});
}

/**
 * ffmpeg takes the last frame's length from the timing the stream states, where it states one. The stream may
 * have been encoded for another rate, or the encoder may have rounded the rate. Then it ends on a frame that
 * is too long or too short.
 */
async function endsOnGrid(film: string, {numerator, denominator}: FrameRate): Promise<boolean> {
  return (
    Math.abs((await lastFrameSeconds(film)) - denominator / numerator) <=
    0.5 / timescaleOf({numerator, denominator})
  );
}

/** Makes the stream state the film's rate. Not for every film, because it rewrites each frame's headers. */
async function retime(
  picture: string,
  {timed, format, rate, ffmpeg, signal}: Tools & {timed: string},
): Promise<void> {
  // H.264 counts fields, two of them a frame (ITU-T H.264, E.2.1: time_scale).
  const ticks = `tick_rate=${2 * rate.numerator}/${rate.denominator}`;
  const input = ['-f', format.chunkDemuxer, '-i', `file:${picture}`];
  const output = ['-c:v', 'copy', '-bsf:v', `h264_metadata=${ticks}`, '-f', format.chunkDemuxer, timed];
  const run = {ffmpeg, signal, what: "correcting the picture's timing"};
  await persist(() => runFfmpeg([...input, ...output], run), {signal});
}
