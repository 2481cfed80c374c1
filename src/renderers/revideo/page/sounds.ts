import {Media, type Scene2D} from '@revideo/2d';
import {DependencyContext} from '@revideo/core';
import {shownAddress} from '../../../base/address.ts';
import type {SoundRun} from '../../../model/timeline.ts';
import type {Film} from './film.ts';
import {playOf} from './media-clock.ts';
import {portable} from './portable.ts';

/** The sound of a node in one frame. */
interface Heard {
  src: string;
  volume: number;
  playbackRate: number;
  mediaTime: number;
  /** The animation that moves its time; undefined where its scene sets the time, frame by frame. */
  play: object | undefined;
}

/** How a node sounds: the run that goes on, and what was asked for in its last frame. */
interface Voice {
  run: SoundRun;
  last: Heard;
}

/** Seconds of source by which a time that goes on by itself may miss what is expected: what is left of divisions. */
const NOISE = 1e-6;
/**
 * Seconds by which a time that a scene sets may stray and still count as continuous sound. Animations ease
 * and round.
 */
const STRAY = 0.1;

/**
 * Plays the whole film without drawing and writes down what sounds when.
 * A node's sound is one run for as long as it goes on at the same speed and volume.
 */
export async function listSounds(film: Film): Promise<SoundRun[]> {
  const runs = new Set<SoundRun>();
  let playing = new Map<string, Voice>();
  await film.seek(0);
  for (let frame = 0; frame < film.frames; frame++) {
    if (frame > 0) await film.step();
    // A clip's length is not known before its first bytes are there, and Revideo clamps its time to it.
    while (DependencyContext.hasPromises()) await DependencyContext.consumePromises();
    const voices = new Map<string, Voice>();
    for (const [voice, asked] of heardNow(film)) {
      const heard = {...asked, src: await portable(asked.src)};
      const before = playing.get(voice);
      const on = before && goOn(before, {heard, frame, fps: film.fps});
      const run = on ?? {...startOf(heard, {before, frame, fps: film.fps}), voice};
      // A time that a scene sets and leaves there is silent: sound needs a second frame in which it moves.
      if (on || heard.play) runs.add(run);
      voices.set(voice, {run, last: heard});
    }
    playing = voices;
  }
  return [...runs];
}

function heardNow({scene}: Film): [voice: string, heard: Heard][] {
  return scene.getMediaAssets().flatMap(({key, src, volume, playbackRate, currentTime: mediaTime}) => {
    const node = (scene as Scene2D).getNode(key);
    checkNumbers(src, {volume, playbackRate, time: mediaTime});
    if (!(node instanceof Media) || !(volume > 0) || !(playbackRate > 0)) return [];
    const {play, hasEnded} = playOf(node);
    return hasEnded ? [] : [[`${scene.name}/${key}`, {src, volume, playbackRate, mediaTime, play}]];
  });
}

/** @throws an Error for a value that is not a number: the sound would be missing without any message */
function checkNumbers(src: string, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isFinite(value))
      throw new Error(
        `The ${name} of ${shownAddress(src)} is ${value}; it must be a finite number. Look at what it is calculated from.`,
      );
}

interface Now {
  heard: Heard;
  frame: number;
  fps: number;
}

/** The run that continues with this frame's sound: the same, or another one where only the volume differs. */
function goOn({run, last}: Voice, {heard, frame, fps}: Now): SoundRun | undefined {
  const {src, volume, playbackRate, mediaTime, play} = heard;
  if (run.src !== src || run.playbackRate !== playbackRate) return undefined;
  const expected = run.mediaTime + ((frame - run.startFrame) / fps) * playbackRate;
  const isSet = !play || !last.play;
  if (isSet && mediaTime <= last.mediaTime) return undefined;
  const stray = isSet ? Math.max(STRAY, 2.5 / fps) : NOISE;
  if (Math.abs(mediaTime - expected) >= stray * Math.max(1, playbackRate)) return undefined;
  if (run.volume !== volume) return {...run, startFrame: frame, frames: 1, mediaTime: expected, volume};
  run.frames++;
  return run;
}

/** A run that begins. The next round of a loop begins within the frame before, where the round before has ended. */
function startOf(
  {play, ...heard}: Heard,
  {before, frame, fps}: {before: Voice | undefined; frame: number; fps: number},
): SoundRun {
  const lead = heard.mediaTime - heard.playbackRate / fps;
  const isRound = play && before?.last.play === play && lead < -NOISE && heard.mediaTime > NOISE;
  if (!isRound) return {...heard, startFrame: frame, frames: 1};
  return {...heard, startFrame: frame - 1, frames: 2, mediaTime: lead};
}
