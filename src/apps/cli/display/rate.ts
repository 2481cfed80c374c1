import type {Progress} from '../../../model/progress.ts';

/** Milliseconds that the rate looks back on, and that it has to know at least. */
const [WINDOW, LEAST] = [10_000, 1_000];

/** Tells how fast frames have been drawn of late. */
export interface RateMeter {
  /** @param now milliseconds of a clock that never runs back */
  add(progress: Progress, now: number): void;
  /** Frames a second; undefined while too little is known. */
  rate(now: number): number | undefined;
}

/** Counts only frames that are drawn meanwhile: what was found drawn says nothing of the pace. */
export function rateMeter(): RateMeter {
  let samples: {at: number; frames: number}[] = [];
  return {
    add({phase, framesDrawn, cells}, at) {
      if (phase !== 'rendering') {
        samples = [];
        return;
      }
      const found = cells.reduce((sum, {state, frames}) => sum + (state === 'reused' ? frames : 0), 0);
      samples.push({at, frames: framesDrawn - found});
      // One that is older than the window stays: it is where the window begins.
      while (samples[1] && samples[1].at < at - WINDOW) samples.shift();
    },
    rate(now) {
      const [first] = samples;
      const last = samples.at(-1);
      if (!first || !last || now - first.at < LEAST || last.frames < first.frames) return undefined;
      return ((last.frames - first.frames) * 1000) / (now - first.at);
    },
  };
}
