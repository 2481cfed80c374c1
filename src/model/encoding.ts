/**
 * How frames become packets, as plain data. It is part of a chunk's content hash, so no chunk is reused for another
 * encoding. All give H.264 High, 4:2:0, 8 bits, BT.709 in limited range, without reordered frames.
 */
export type Encoding = BrowserH264 | X264;

/** The browser's own encoder, in the page that drew the frames. It quantizes all frames alike. */
export interface BrowserH264 {
  readonly codec: 'h264';
  readonly backend: 'browser';
  readonly settings: BrowserSettings;
}

/** Settings of the browser's encoder. */
export interface BrowserSettings {
  /** Seconds from one keyframe to the next: players seek to them. */
  readonly keyframeSeconds: number;
}

/** x264, in ffmpeg beside the browser. */
export interface X264 {
  readonly codec: 'h264';
  readonly backend: 'x264';
  readonly settings: X264Settings;
}

/** Settings of x264; presets and rate factors: https://trac.ffmpeg.org/wiki/Encode/H.264 */
export interface X264Settings {
  /** `ultrafast` to `placebo`. */
  readonly preset: string;
  /** 0, which loses nothing, to 51. */
  readonly rateFactor: number;
  /** Seconds from one keyframe to the next. */
  readonly keyframeSeconds: number;
  /** How much finer a keyframe is quantized than the frames that follow it. */
  readonly keyframeRatio: number;
  /** Frames that x264 looks ahead. */
  readonly lookahead: number;
}

/** Seconds between keyframes: what players need to seek, at a cost of a few percent of the bytes. */
const KEYFRAME_SECONDS = 2;

/** The browser's encoder, as all films use it. */
export const browserH264 = (): BrowserH264 => ({
  codec: 'h264',
  backend: 'browser',
  settings: {keyframeSeconds: KEYFRAME_SECONDS},
});

/** x264 with a preset and a rate factor, and what all films share. */
export const x264 = ({preset, rateFactor}: Pick<X264Settings, 'preset' | 'rateFactor'>): X264 => ({
  codec: 'h264',
  backend: 'x264',
  settings: {
    preset,
    rateFactor,
    keyframeSeconds: KEYFRAME_SECONDS,
    // A keyframe is the worst of its neighbours unless it gets more: seen as a jump, most at a chunk's start.
    keyframeRatio: 2,
    // Lookahead is held in memory, frame by frame.
    lookahead: 20,
  },
});
