import type {PictureDifference} from './pictures.ts';
import type {SoundDifference} from './sounds.ts';

/**
 * What two encoders may make of the same picture, measured with films of 160x90: 33.5 dB and a patch of 13 in
 * ffmpeg's test pattern, whose colours are as bad as any; 38 dB and 7 in shapes and text.
 */
const SAME_PICTURE = {decibels: 30, patch: 20};

/** What two AAC encoders may make of the same sound: 0.02 of tones. */
const SAME_SOUND = {worst: 0.15, lateMs: 5, loudness: 0.06};

/** Numbers of the frames that are not the same picture, encoded twice. */
export const differentFrames = (found: readonly PictureDifference[]): number[] =>
  [...found.keys()].filter((frame) => {
    const {decibels = 0, patch = 255} = found[frame] ?? {};
    return decibels < SAME_PICTURE.decibels || patch > SAME_PICTURE.patch;
  });

/** Says how two sounds differ, one line for each way; nothing if they are the same sound, encoded twice. */
export function soundDifferences({
  loudness: [one, other],
  lateMs,
  worst,
  worstAt,
}: SoundDifference): string[] {
  const loud = Math.max(one, other);
  return [
    Math.abs(one - other) > loud * SAME_SOUND.loudness &&
      `${decibels(other / one)} dB louder than the first film's`,
    Math.abs(lateMs) > SAME_SOUND.lateMs && `${lateMs.toFixed(1)} ms later than the first film's`,
    worst > SAME_SOUND.worst &&
      `differs by ${(worst * 100).toFixed(0)} % of the loudness at ${worstAt.toFixed(2)} s`,
  ].filter((line) => line !== false);
}

const decibels = (factor: number) => (20 * Math.log10(factor)).toFixed(1);
