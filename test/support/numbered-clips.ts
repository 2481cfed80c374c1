import {copyFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readClock, readSquares} from './clock.ts';
import type {Picture} from './exact.ts';
import {ffmpeg} from './media.ts';
import {makePublicFiles, PROJECTS} from './project-media.ts';

/** Binary digits of a frame number, the lowest on the left: each a white or black square above its opposite. */
const DIGITS = 12;
const SIZE = {width: 192, height: 48};
const SQUARE = SIZE.width / DIGITS;

/** A clip whose pictures say which frame they are, and when each of them is shown. */
export interface NumberedClip {
  frames: number;
  /** Seconds from the clip's start at which a frame is due. */
  time(frame: number): number;
  /** Filters, for ffmpeg, before and after the frames that there are then get their numbers. */
  before?: string;
  after?: string;
  fps: string;
  codec: string[];
}

const H264 = ['-c:v', 'libx264', '-bf', '3', '-g', '48', '-crf', '18'];
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '800k', '-g', '48', '-deadline', 'realtime', '-cpu-used', '8'];
const constant = (fps: string, codec: string[], frames = 90): NumberedClip => {
  const [rate = 0, per = 1] = fps.split('/').map(Number);
  return {frames, fps, codec, time: (frame) => (frame * per) / rate};
};

/** From 100 pictures a second every fourth, later every seventh, in the end every second. */
const VARIABLE = 'if(lt(n,100),not(mod(n,4)),if(lt(n,275),not(mod(n-100,7)),not(mod(n-275,2))))';
const variable = (frame: number) =>
  frame < 25 ? frame * 0.04 : frame < 50 ? 1 + (frame - 25) * 0.07 : 2.75 + (frame - 50) * 0.02;

/** The clips by their names in the project's `public/`. */
export const CLIPS = {
  'b30.mp4': constant('30', H264),
  'b24.mp4': constant('24000/1001', H264),
  'b25.mp4': constant('25', H264),
  'b50.mp4': constant('50', H264, 150),
  'open-gop.mp4': constant(
    '30',
    ['-c:v', 'libx264', '-x264-params', 'bframes=3:open-gop=1:keyint=48', '-crf', '18'],
    150,
  ),
  'variable.mp4': {...constant('100', H264), before: `select='${VARIABLE}'`, time: variable},
  'late.mp4': {...constant('30', H264), after: 'setpts=PTS+0.5/TB', time: (frame) => frame / 30 + 0.5},
  'b25.mov': constant('25', H264),
  'vp9.webm': constant('30', VP9),
  'vp9-24.webm': constant('24000/1001', VP9),
  'short.mp4': constant('30', H264, 15),
} satisfies Record<string, NumberedClip>;

export type ClipName = keyof typeof CLIPS;

/** Makes the clips that are not there yet, in both projects that show them. */
export async function makeNumberedClips(): Promise<void> {
  const lower = `mod(floor(N/pow(2,floor(X/${SQUARE}))),2)`;
  const squares = `geq=lum='16+219*abs(${lower}-gte(Y,${SIZE.height / 2}))':cb=128:cr=128`;
  const make = ({frames, fps, codec, before, after}: NumberedClip) => {
    const {width, height} = SIZE;
    const input = `color=s=${width}x${height}:r=${fps}:d=8`;
    const filters = [before, squares, after].filter(Boolean).join(',');
    return (path: string) =>
      ffmpeg(
        ...['-f', 'lavfi', '-i', input, '-vf', filters, '-vsync', '0', '-frames:v', `${frames}`],
        ...[...codec, '-pix_fmt', 'yuv420p', '-video_track_timescale', '90000', path],
      );
  };
  const clips: [string, NumberedClip][] = Object.entries(CLIPS);
  await makePublicFiles('clips', Object.fromEntries(clips.map(([name, clip]) => [name, make(clip)])));
  const copy = (name: string) => (path: string) => copyFile(join(PROJECTS, 'clips/public', name), path);
  await makePublicFiles('clips-24', Object.fromEntries(clips.map(([name]) => [name, copy(name)])));
}

/**
 * The time that the node in a row of the scene asked for, in seconds, and the source frame it got. The frame
 * is -1 where there is no picture.
 */
export function readClip(picture: Picture, row: number): {time: number; frame: number} {
  const top = row * 60;
  const {time} = readClock(picture, top);
  const upper = readSquares(picture, {x: 0, y: top + 12, size: SQUARE, count: DIGITS});
  const lower = readSquares(picture, {x: 0, y: top + 12 + 32, size: SQUARE, count: DIGITS});
  if (upper === 0 && lower === 0) return {time, frame: -1};
  if (upper + lower !== 2 ** DIGITS - 1)
    throw new Error(`The squares of row ${row} contradict themselves: ${upper}, ${lower}`);
  return {time, frame: upper};
}
