import {browserH264, type Encoding, x264} from './encoding.ts';

/**
 * How good the picture is, and what it costs, by the encoding that each quality stands for: `bench/README.md` has sizes,
 * likeness and CPU seconds.
 */
export const ENCODINGS = {
  cheapest: browserH264,
  balanced: x264({preset: 'veryfast', rateFactor: 23}),
  best: x264({preset: 'slow', rateFactor: 19}),
} as const satisfies Record<string, Encoding>;

export type Quality = keyof typeof ENCODINGS;

/** Every quality, the cheapest first. */
export const QUALITIES = Object.keys(ENCODINGS) as [Quality, ...Quality[]];
