import type {SoundRun} from '../renderer.ts';

/** Samples a second of everything behind the decoders. */
export const SAMPLE_RATE = 48_000;

/** The frame grid, on which every border of a sound lies. */
export interface Grid {
  /** Frames of the film. */
  frames: number;
  /** Frames a second. */
  fps: number;
}

/** The first output sample of a frame, rounded to the nearest; of the frame after the last, the film's length. */
export const sampleAt = (frame: number, fps: number): number => Math.round((frame * SAMPLE_RATE) / fps);

/** Output samples `[from, to)` at one volume. */
export interface GainStep {
  from: number;
  to: number;
  /** Factor on the amplitude. */
  volume: number;
}

/** A stretch of one source that plays on without a jump at one speed: one or more runs that follow each other. */
export interface Stretch {
  src: string;
  /** Seconds of source in a second of film. */
  playbackRate: number;
  /** First output sample; the sound of `mediaTime`. */
  from: number;
  /** Output sample after the last. */
  to: number;
  /** Position in the source at `from`, in seconds. */
  mediaTime: number;
  /** Without gap or overlap from `from` to `to`. */
  steps: GainStep[];
}

/**
 * How far a run may lie from where its predecessor leads and still be its continuation: 0.1 s, or two and a half
 * frames, of film. A project's clock strays by about a frame around its animations, and following it would be heard
 * as a click; a project that jumps, jumps further. Measured from the stretch's own start, so that it never adds up.
 */
const strayOf = (fps: number): number => Math.max(0.1, 2.5 / fps);

/**
 * Runs that follow each other become one stretch, decoded once and cut nowhere: a step of volume is then only
 * that. What lies outside the film is cut off, and what is never heard is left out.
 */
export function joinRuns(sounds: readonly SoundRun[], {frames, fps}: Grid): Stretch[] {
  interface Open {
    first: SoundRun;
    stretch: Stretch;
  }
  const open = new Map<string, Open[]>();
  const all: Stretch[] = [];
  for (const run of sounds.toSorted((a, b) => a.startFrame - b.startFrame)) {
    const {src, startFrame, mediaTime, playbackRate, volume} = run;
    const place = (frame: number) => JSON.stringify([src, playbackRate, frame]);
    const step = {from: sampleAt(startFrame, fps), to: sampleAt(startFrame + run.frames, fps), volume};
    const candidates = open.get(place(startFrame)) ?? [];
    const index = candidates.findIndex(({first}) => {
      const expected = first.mediaTime + ((startFrame - first.startFrame) / fps) * playbackRate;
      return Math.abs(expected - mediaTime) < strayOf(fps) * playbackRate;
    });
    const [before] = index < 0 ? [] : candidates.splice(index, 1);
    const stretch = before?.stretch ?? {
      src,
      playbackRate,
      from: step.from,
      to: step.to,
      mediaTime,
      steps: [],
    };
    if (!before) all.push(stretch);
    stretch.to = step.to;
    stretch.steps.push(step);
    const end = place(startFrame + run.frames);
    open.set(end, [...(open.get(end) ?? []), {first: before?.first ?? run, stretch}]);
  }
  return all.map((stretch) => within(stretch, sampleAt(frames, fps))).filter(isHeard);
}

/** Cuts what lies after the film; what lies before its start is passed over when mixing. */
function within(stretch: Stretch, end: number): Stretch {
  const steps = stretch.steps
    .filter(({from, to}) => from < end && to > 0)
    .map((step) => ({...step, to: Math.min(step.to, end)}));
  return {...stretch, steps, to: Math.min(stretch.to, end)};
}

const isHeard = ({steps}: Stretch): boolean => steps.some(({volume}) => volume > 0);

/** Output samples of silence at a stretch's start: where its `mediaTime` lies before the source's own start. */
export const leadOf = ({from, to, mediaTime, playbackRate}: Stretch): number =>
  Math.min(to - from, Math.round((Math.max(0, -mediaTime) / playbackRate) * SAMPLE_RATE));
