import {Audio, Media, type View2D} from '@revideo/2d';
import {clamp, type PlaybackManager, type SimpleSignal, usePlayback, useScene} from '@revideo/core';
import {lengthOf} from './lengths.ts';

/** Private members of Revideo's clips and sounds. */
interface MediaParts {
  time: SimpleSignal<number>;
  playing: SimpleSignal<boolean>;
  playbackRate: SimpleSignal<number>;
  loop(): boolean;
  src(): string;
  view(): View2D;
  mediaElement(): HTMLMediaElement;
  clampTime(time: number): number;
  setPlaybackRate(rate: unknown): void;
}
interface AudioParts extends MediaParts {
  audio(): HTMLAudioElement;
  pause(): void;
}

/** Seconds by which the element's length may differ from the real one and still be given to scenes. */
const ROUNDED = 1 / 30;
/** Part of a round by which a time may miss the end of a loop and still be at it: what is left of divisions. */
const NOISE = 1e-9;

/** The functions that give the time of nodes that play by this clock. */
const plays = new WeakSet<object>();

/** The animation that moves a node's time, undefined if its scene sets the time; and whether it has ended. */
export function playOf(node: Media): {play: object | undefined; hasEnded: boolean} {
  const parts = node as unknown as MediaParts;
  const time = parts.time.context.raw() as unknown as object;
  return {play: plays.has(time) ? time : undefined, hasEnded: parts.clampTime(parts.time()) >= endOf(parts)};
}

/** How long a node's medium is, in seconds; NaN where nothing is known yet. */
const endOf = (node: MediaParts): number => lengthOf(node.src()) ?? node.mediaElement().duration;

/**
 * Where a loop of `length` seconds is after `time` seconds.
 *
 * @returns seconds, 0 or more and below `length`
 */
export const wrap = (time: number, length: number): number =>
  Math.max(0, time - length * Math.floor(time / length + NOISE));

/**
 * Gives clips and sounds an exact clock. A node that begins to play in frame `s` from `t` shows `t` in that
 * frame. In frame `f` it shows `t + (f - s) / fps * rate`, until it is paused or its rate changes.
 *
 * Revideo's own follows the clock of the generator that called `play`. That clock is a frame ahead of the
 * drawn frame, and moves by up to a frame where an animation ends. It also adds up rounding errors, and stops
 * when its generator ends.
 */
export function mendClock(): void {
  const {setPlaybackRate} = Media.prototype as unknown as MediaParts;
  Object.assign(Media.prototype, {
    play(this: MediaParts) {
      this.playing(true);
      playOn(this, this.time());
    },
    setPlaybackRate(this: MediaParts, rate: unknown) {
      const from = this.playing() ? this.time() : undefined;
      setPlaybackRate.call(this, rate);
      // A rate of 0 pauses.
      if (from !== undefined && this.playing()) playOn(this, from);
    },
    clampTime(this: MediaParts, time: number) {
      const length = endOf(this);
      return clamp(0, length, this.loop() ? wrap(time, length) : time);
    },
    // Scenes decide by it how long they are: where the element only rounds, its value gives Revideo's number of frames.
    getDuration(this: MediaParts) {
      const {duration} = this.mediaElement();
      const length = endOf(this);
      return Math.abs(length - duration) <= ROUNDED ? duration : length;
    },
  });
  // Revideo's asks the element how long it is, and takes one that has not loaded for one that is over.
  Object.assign(Audio.prototype, {
    seekedAudio(this: AudioParts) {
      if (this.time() >= endOf(this)) this.pause();
      return this.audio();
    },
  });
}

function playOn(node: MediaParts, from: number): void {
  const start = dueFrame();
  const rate = node.playbackRate();
  const {fps} = usePlayback();
  const view = node.view();
  const time = () => {
    const frames = Math.max(0, Math.round(view.globalTime() * fps) - start);
    return node.clampTime(from + (frames * rate) / fps);
  };
  plays.add(time);
  node.time(time);
}

/** The frame that will show what the scene does now. */
function dueFrame(): number {
  const {playback} = usePlayback() as unknown as {playback: PlaybackManager};
  // A scene that another one is replacing moves before the frame is counted.
  const isLeaving = (playback.previousScene as unknown) === useScene();
  return playback.frame + (isLeaving ? 1 : 0);
}
