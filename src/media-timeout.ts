/** Seconds in which a server has to say something about a clip, a sound or a picture, unless the environment says otherwise. */
export const MEDIA_TIMEOUT = 30;
