import {copyFile} from 'node:fs/promises';
import {join} from 'node:path';
import {ffmpeg, tone, writeWav} from './media.ts';
import {makePublicFiles, PROJECTS} from './project-media.ts';

const RATE = 48_000;
/** Seconds that a flash lasts. */
const FLASH = 0.1;
/** Seconds that a click lasts. */
export const CLICK = 0.03;

/** A clip that is black and silent except for a flash and a click that begin together, several times. */
export interface FlashClip {
  /** Frames a second, in ffmpeg's form. */
  fps: string;
  /** Frames with which a flash and a click begin. */
  flashes: number[];
  seconds: number;
  codec: string[];
  channels: 1 | 2;
}

const H264 = ['-c:v', 'libx264', '-bf', '3', '-g', '48', '-c:a', 'aac', '-b:a', '192k'];
const VP9 = [
  ...['-c:v', 'libvpx-vp9', '-b:v', '300k', '-g', '48', '-deadline', 'realtime', '-cpu-used', '8'],
  ...['-c:a', 'libopus', '-b:a', '128k'],
];

/** The clips by their names in the projects' `public/`. */
export const FLASHES = {
  'f30.mp4': {fps: '30', flashes: [0, 13, 37, 61, 85], seconds: 4, codec: H264, channels: 2},
  'f25.mp4': {fps: '25', flashes: [7, 18, 31, 44], seconds: 3, codec: H264, channels: 2},
  'f24.mp4': {fps: '24000/1001', flashes: [5, 16, 27, 39], seconds: 3, codec: H264, channels: 2},
  'f60.mp4': {fps: '60', flashes: [15, 41, 68, 101], seconds: 3, codec: H264, channels: 2},
  'f30.webm': {fps: '30', flashes: [10, 23, 37, 55], seconds: 3, codec: VP9, channels: 1},
  // Its sound ends between two frames of a film: 0.54 s.
  'round.mp4': {fps: '50', flashes: [5, 17], seconds: 0.54, codec: H264, channels: 2},
} satisfies Record<string, FlashClip>;

export type FlashName = keyof typeof FLASHES;

/** Frames a second. */
export function clipRate(name: FlashName): number {
  const [rate = 0, per = 1] = FLASHES[name].fps.split('/').map(Number);
  return rate / per;
}

/** Seconds into a clip at which it flashes and clicks. */
export function flashTimes({fps, flashes}: FlashClip): number[] {
  const [rate = 0, per = 1] = fps.split('/').map(Number);
  return flashes.map((frame) => (frame * per) / rate);
}

async function make(path: string, clip: FlashClip): Promise<void> {
  const {fps, seconds, codec, channels} = clip;
  const times = flashTimes(clip);
  const samples = new Float32Array(Math.round(seconds * RATE));
  for (const at of times) {
    samples.set(tone(CLICK * RATE, {hertz: 2000, rate: RATE, amplitude: 0.5}), Math.round(at * RATE));
  }
  const sound = `${path}.wav`;
  await writeWav(sound, {rate: RATE, channels: Array<Float32Array>(channels).fill(samples)});
  // A tenth of a frame early: the time of a frame is rounded.
  const early = 0.001;
  const lit = times.map((at) => `between(t,${at - early},${at + FLASH - early})`).join('+');
  const picture = ['-f', 'lavfi', '-i', `color=white:s=96x64:r=${fps}:d=${seconds}`, '-i', sound];
  const dark = `drawbox=w=iw:h=ih:t=fill:color=black:enable='not(${lit})'`;
  await ffmpeg(...picture, '-vf', dark, ...codec, '-pix_fmt', 'yuv420p', path);
}

/** Makes the clips that are not there yet, in all three projects that show them. */
export async function makeFlashClips(): Promise<void> {
  const clips: [string, FlashClip][] = Object.entries(FLASHES);
  const own = clips.map(([name, clip]) => [name, (path: string) => make(path, clip)] as const);
  await makePublicFiles('flash', Object.fromEntries(own));
  const copies = clips.map(
    ([name]) => [name, (path: string) => copyFile(join(PROJECTS, 'flash/public', name), path)] as const,
  );
  for (const project of ['flash-24', 'flash-60']) await makePublicFiles(project, Object.fromEntries(copies));
}
