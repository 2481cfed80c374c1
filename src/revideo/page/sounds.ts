import {DependencyContext} from '@revideo/core';
import type {SoundRun} from '../../renderer.ts';
import type {Film} from './film.ts';
import {portable} from './portable.ts';

/**
 * Seconds by which a node's time may stray before it counts as a jump: Revideo's clock loses up to a frame
 * at the end of each animation, and a sound that followed would click.
 */
const JUMP = 0.1;

/**
 * Plays the whole film without drawing and writes down what sounds when.
 * A node's sound is one run for as long as it goes on at the same speed and volume.
 */
export async function listSounds(film: Film): Promise<SoundRun[]> {
  const runs: SoundRun[] = [];
  let playing = new Map<string, SoundRun>();
  await film.seek(0);
  for (let frame = 0; frame < film.frames; frame++) {
    if (frame > 0) await film.step();
    // A clip's length is not known before its first bytes are there, and Revideo clamps its time to it.
    while (DependencyContext.hasPromises()) await DependencyContext.consumePromises();
    const heard = new Map<string, SoundRun>();
    for (const asset of film.scene.getMediaAssets()) {
      const {volume, playbackRate, currentTime, duration} = asset;
      if (!(volume > 0) || !(playbackRate > 0) || currentTime >= duration) continue;
      const src = await portable(asset.src);
      const id = `${film.scene.name}/${asset.key}`;
      const before = playing.get(id);
      const run =
        before && continues(before, {src, volume, playbackRate, currentTime, fps: film.fps})
          ? before
          : undefined;
      if (run) run.frames++;
      const next = run ?? {src, startFrame: frame, frames: 1, mediaTime: currentTime, playbackRate, volume};
      if (!run) runs.push(next);
      heard.set(id, next);
    }
    playing = heard;
  }
  return runs;
}

function continues(
  run: SoundRun,
  now: {src: string; volume: number; playbackRate: number; currentTime: number; fps: number},
): boolean {
  const expected = run.mediaTime + (run.frames / now.fps) * run.playbackRate;
  return (
    run.src === now.src &&
    run.volume === now.volume &&
    run.playbackRate === now.playbackRate &&
    Math.abs(now.currentTime - expected) < Math.max(JUMP, 2.5 / now.fps) * now.playbackRate
  );
}
