/** Megabytes that one file of another server may have, unless the environment says otherwise: what S3 takes in one upload. */
export const MAX_MEDIA_MB = 5_000;
/** Frames after which a project counts as one that never ends: four and a half hours at 30 frames a second. */
export const MAX_FRAMES = 500_000;
/** Pixels of a frame: what H.264 allows up to level 5.2, 36,864 macroblocks of 16 x 16 (Rec. ITU-T H.264, table A-1). */
export const MAX_PIXELS = 4096 * 2304;
/** Seconds in which a server has to say something about a clip, a sound or a picture, unless the environment says otherwise. */
export const MEDIA_TIMEOUT = 30;
