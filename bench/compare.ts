import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {ALL_FORMATS, FilePathSource, Input} from 'mediabunny';
import {findFfmpeg, runFfmpeg} from '../src/media/ffmpeg.ts';

/** The contents of a finished film. */
export interface FilmFacts {
  frames: number;
  /** Sound longer than the picture should be, in milliseconds; below 0: shorter. */
  soundErrorMs: number;
}

/** Below this two decoded frames are not the same picture encoded twice, in dB. */
const SAME_PICTURE_DB = 30;

/** Counts a film's frames, and measures its sound, decoded, against `expected` frames. */
export async function inspect(film: string, expected: {frames: number; fps: number}): Promise<FilmFacts> {
  using input = new Input({source: new FilePathSource(film), formats: ALL_FORMATS});
  const picture = await input.getPrimaryVideoTrack();
  const {packetCount = 0} = (await picture?.computePacketStats()) ?? {};
  const soundErrorMs = ((await soundSeconds(film)) - expected.frames / expected.fps) * 1000;
  return {frames: packetCount, soundErrorMs};
}

async function soundSeconds(film: string): Promise<number> {
  const pcm = ['-map', '0:a:0', '-ac', '1', '-ar', '48000', '-f', 's16le', '-'];
  const {stdout} = await execa(await findFfmpeg(), ['-v', 'error', '-i', film, ...pcm], {encoding: 'buffer'});
  return stdout.byteLength / 2 / 48_000;
}

/** How many frames of two films differ: by PSNR for those both have, and all that only one has. */
export async function differingFrames(
  film: string,
  other: {film: string; frames: number; otherFrames: number; directory: string; signal: AbortSignal},
): Promise<number> {
  const log = join(other.directory, 'psnr.log');
  const numbered = 'settb=1/30,setpts=N';
  const filter = `[0:v]${numbered}[a];[1:v]${numbered}[b];[a][b]psnr=stats_file=${log}:shortest=1`;
  const inputs = ['-i', film, '-i', other.film];
  await runFfmpeg([...inputs, '-lavfi', filter, '-an', '-f', 'null', '-'], {
    ffmpeg: await findFfmpeg(),
    what: 'comparing two films',
    signal: other.signal,
  });
  let differing = Math.abs(other.frames - other.otherFrames);
  for await (const line of createInterface({input: createReadStream(log)})) {
    const [, decibels] = /psnr_avg:(\S+)/.exec(line) ?? [];
    if (decibels && decibels !== 'inf' && Number(decibels) < SAME_PICTURE_DB) differing++;
  }
  return differing;
}
