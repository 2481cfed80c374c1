/** The program that turns rendered frames into H.264. */
export type Encoder =
  /** The browser's own, in the page that drew them. */
  | {readonly name: 'browser'}
  /** x264, in ffmpeg beside the browser; its presets and rate factors: https://trac.ffmpeg.org/wiki/Encode/H.264 */
  | {readonly name: 'x264'; readonly preset: string; readonly rateFactor: number};

/**
 * How good the picture is, and what it costs: `bench/README.md` has sizes, likeness and CPU seconds. All give H.264 High,
 * 4:2:0, 8 bits, BT.709 in limited range, without reordered frames.
 */
export const ENCODERS = {
  cheapest: {name: 'browser'},
  balanced: {name: 'x264', preset: 'veryfast', rateFactor: 23},
  best: {name: 'x264', preset: 'slow', rateFactor: 19},
} as const satisfies Record<string, Encoder>;

export type Quality = keyof typeof ENCODERS;

/** Every quality, the cheapest first. */
export const QUALITIES = Object.keys(ENCODERS) as [Quality, ...Quality[]];
