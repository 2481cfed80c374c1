import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {findFfmpeg, runFfmpeg} from '../src/media/ffmpeg.ts';
import type {Encoder} from '../src/model/quality.ts';

/**
 * The encoder of the reference frames. A rate factor of 0 loses nothing at 8 bits
 * (https://trac.ffmpeg.org/wiki/Encode/H.264).
 */
export const LOSSLESS: Encoder = {name: 'x264', preset: 'ultrafast', rateFactor: 0};

/** How like the drawn frame an encoded one is. */
export interface Likeness {
  /** Peak signal-to-noise ratio of the brightness, in dB; Infinity for the same. */
  y: number;
  /** The same over all three planes. */
  all: number;
  /** Structural similarity over all three planes, 0 to 1. */
  ssim: number;
}

const RAW = ['-f', 'h264', '-i'];

/**
 * Compares an H.264 stream with a lossless one, frame by frame, by ffmpeg's filters `psnr` and `ssim`.
 *
 * @param directory for what the filters write
 * Rejects if one has more frames than the other, and with what `runFfmpeg` rejects with.
 */
export async function likeness(
  stream: string,
  {lossless, directory, signal}: {lossless: string; directory: string; signal: AbortSignal},
): Promise<Likeness[]> {
  const [psnr, ssim] = [join(directory, 'psnr.log'), join(directory, 'ssim.log')];
  const numbered = 'settb=1/30,setpts=N,split';
  const graph = `[0:v]${numbered}[a][b];[1:v]${numbered}[c][d];[a][c]psnr=stats_file=${psnr}:shortest=1,nullsink;[b][d]ssim=stats_file=${ssim}:shortest=1[out]`;
  const output = ['-map', '[out]', '-vsync', '0', '-f', 'null', '-'];
  await runFfmpeg([...RAW, stream, ...RAW, lossless, '-filter_complex', graph, ...output], {
    ffmpeg: await findFfmpeg(),
    what: 'comparing two streams',
    signal,
  });
  const [noise, structure] = [await lines(psnr), await lines(ssim)];
  return noise.map((line, frame) => ({
    y: value(line, 'psnr_y'),
    all: value(line, 'psnr_avg'),
    ssim: value(structure[frame] ?? '', 'All'),
  }));
}

/** SHA-256 of every frame's I420 pixels as ffmpeg decodes a stream: a chunk's hashes, if nothing was lost. */
export async function decodedHashes(stream: string): Promise<string[]> {
  const hashed = ['-vsync', '0', '-pix_fmt', 'yuv420p', '-f', 'framehash', '-hash', 'sha256', '-'];
  const {stdout} = await execa(await findFfmpeg(), ['-v', 'error', ...RAW, stream, ...hashed]);
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** The PSNR of several frames together: that of their mean squared error, as ffmpeg's own average. */
export function meanPsnr(decibels: readonly number[]): number {
  const errors = decibels.map((value) => 10 ** (-value / 10));
  return -10 * Math.log10(errors.reduce((sum, error) => sum + error, 0) / errors.length);
}

/** First and last frames of chunks that have another chunk beside them. */
export function besideBorders(lengths: readonly number[]): Set<number> {
  const frames = new Set<number>();
  let start = 0;
  for (const length of lengths.slice(0, -1)) {
    start += length;
    frames.add(start - 1).add(start);
  }
  return frames;
}

const lines = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

/** `inf` is a frame without any difference. */
function value(line: string, name: string): number {
  const [, text] = new RegExp(`\\b${name}:(\\S+)`).exec(line) ?? [];
  if (text === undefined) throw new Error(`ffmpeg compared nothing in: ${line}`);
  return text === 'inf' ? Number.POSITIVE_INFINITY : Number(text);
}
