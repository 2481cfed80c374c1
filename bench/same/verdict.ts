import type {PictureDifference} from './pictures.ts';
import type {SoundDifference} from './sounds.ts';

/**
 * The difference that two encoders may make in the same picture, measured with films of 160x90. In ffmpeg's
 * test pattern, which has extreme colours, it is 33.5 dB and a patch of 13. In shapes and text it is 38 dB
 * and 7.
 */
const SAME_PICTURE = {decibels: 30, patch: 20};

/** The difference that two AAC encoders may make in the same sound: 0.02 for tones. */
const SAME_SOUND = {worst: 0.15, lateMs: 5, loudness: 0.06};

/**
 * The change of loudness that two frames more or less make, for a noise that gets louder every half second.
 */
const SAME_LOUDNESS = {film: 0.12, window: 0.35};

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

/**
 * The same by loudness alone, for films with clips: Revideo plays a clip and its sound up to two frames early.
 */
export function loudnessDifferences({loudness: [one, other], level}: SoundDifference): string[] {
  const loud = Math.max(one, other);
  return [
    Math.abs(one - other) > loud * SAME_LOUDNESS.film &&
      `${decibels(other / one)} dB louder than the first film's`,
    level > SAME_LOUDNESS.window && `loudness differs by up to ${(level * 100).toFixed(0)} %`,
  ].filter((line) => line !== false);
}

const decibels = (factor: number) => (20 * Math.log10(factor)).toFixed(1);
