/**
 * How frames become packets, as plain data. It is part of a chunk's content hash, so no chunk is reused for another
 * encoding. A segment is one group of pictures: its first frame is its only keyframe. All give H.264 High, 4:2:0, 8 bits,
 * BT.709 in limited range, without reordered frames.
 */
export type Encoding = BrowserH264 | X264;

/** The browser's own encoder, in the page that drew the frames. It quantizes all frames alike, and has no settings. */
export interface BrowserH264 {
  readonly codec: 'h264';
  readonly backend: 'browser';
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
  /** How much finer a keyframe is quantized than the frames that follow it. */
  readonly keyframeRatio: number;
  /** Frames that x264 looks ahead. */
  readonly lookahead: number;
  /** Threads of the encoder. Their number changes the bytes, so it is not the machine's number of processors. */
  readonly threads: number;
}

/** The browser's encoder, as all films use it. */
export const browserH264: BrowserH264 = {codec: 'h264', backend: 'browser'};

/** x264 with a preset and a rate factor, and what all films share. */
export const x264 = ({preset, rateFactor}: Pick<X264Settings, 'preset' | 'rateFactor'>): X264 => ({
  codec: 'h264',
  backend: 'x264',
  settings: {
    preset,
    rateFactor,
    // A keyframe is the worst of its neighbours unless it gets more: seen as a jump, most at a chunk's start.
    keyframeRatio: 2,
    // Lookahead is held in memory, frame by frame.
    lookahead: 20,
    threads: 4,
  },
});
