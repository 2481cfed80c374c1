import {ffmpeg} from './media.ts';

/** How many frames of a film a player would show: decoded, not counted in its index. */
export async function framesOf(path: string): Promise<number> {
  const lines = (await ffmpeg('-i', path, '-map', '0:v:0', '-f', 'framecrc', '-')).toString().split('\n');
  return lines.filter((line) => /^\d/.test(line)).length;
}
