import type {SoundRun} from '../../model/timeline.ts';

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

/** How far a run may lie from where its predecessor leads and still be its continuation: half a sample, in seconds. */
const NOISE = 0.5 / SAMPLE_RATE;

/**
 * Runs of one voice that follow each other become one stretch, decoded once and cut nowhere: a step of volume
 * is then only that. Parts outside the film are cut off, and silent ones are left out.
 */
export function joinRuns(sounds: readonly SoundRun[], {frames, fps}: Grid): Stretch[] {
  const open = new Map<string, {first: SoundRun; end: number; stretch: Stretch}>();
  const all: Stretch[] = [];
  for (const run of sounds.toSorted((a, b) => a.startFrame - b.startFrame)) {
    const {voice, src, startFrame, mediaTime, playbackRate, volume} = run;
    const end = startFrame + run.frames;
    const step = {from: sampleAt(startFrame, fps), to: sampleAt(end, fps), volume};
    const before = voice === undefined ? undefined : open.get(voice);
    if (before?.end === startFrame && goesOn(before.first, run, fps)) {
      before.stretch.to = step.to;
      before.stretch.steps.push(step);
      before.end = end;
      continue;
    }
    const stretch = {src, playbackRate, from: step.from, to: step.to, mediaTime, steps: [step]};
    all.push(stretch);
    if (voice !== undefined) open.set(voice, {first: run, end, stretch});
  }
  return all.map((stretch) => within(stretch, sampleAt(frames, fps))).filter(isHeard);
}

/** Measured from the stretch's own start, so that nothing adds up. */
function goesOn(first: SoundRun, {src, startFrame, mediaTime, playbackRate}: SoundRun, fps: number): boolean {
  const expected = first.mediaTime + ((startFrame - first.startFrame) / fps) * playbackRate;
  return (
    first.src === src &&
    first.playbackRate === playbackRate &&
    Math.abs(expected - mediaTime) < NOISE * Math.max(1, playbackRate)
  );
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
