import type {PlaybackManager, Scene} from '@revideo/core';

/** How often fonts may still come when all that came before are there: each time, what is drawn asks for another one. */
export const FONT_ROUNDS = 20;

/** The error of a film that asks for a new font each time that it is played; `names` are those of the last time. */
export const endlessFonts = (names: readonly string[]) =>
  new Error(
    `The film has loaded another font or style sheet each of the ${FONT_ROUNDS} times that it was played for the one before. The last ones: ${names.map((name) => name.slice(0, 200)).join(', ')}. Load all of them at the start, as with a style sheet in public/.`,
  );

/** The error of a project that has more than `frames` frames. */
export const endless = (frames: number) =>
  new Error(`The project has not ended after ${frames} frames. REVIDEO_MAX_FRAMES sets this limit.`);

/**
 * Checks that a scene which has played a frame further ends where the count said it ends. Otherwise the rest
 * would be another film.
 *
 * @throws an Error that names the scene
 */
export function checkLength(
  scene: Scene,
  {frame, currentScene}: Pick<PlaybackManager, 'frame' | 'currentScene'>,
): void {
  const hasEnded = currentScene !== scene || scene.canTransitionOut();
  if (hasEnded === frame >= scene.lastFrame) return;
  const played = hasEnded ? `${frame - scene.firstFrame}` : 'more';
  throw new Error(
    `Scene "${scene.name}" had ${scene.lastFrame - scene.firstFrame} frames when it was counted, and ${played} when it was played. Something that changes decides its length, such as the time of day or a random number that is not Revideo's.`,
  );
}

/**
 * The scenes that last. One without a length has no frame, and playback would stop at it, since it goes on by one scene
 * a frame. A project's only scene is a still picture then, of one frame, as for Revideo.
 *
 * @throws an Error where there are several and none has a length
 */
export function lastingScenes(scenes: readonly Scene[]): Scene[] {
  if (scenes.length === 1) return [...scenes];
  const lasting = scenes.filter(({firstFrame, lastFrame}) => lastFrame > firstFrame);
  if (lasting.length > 0) return lasting;
  const names = scenes.map(({name}) => `"${name}"`).join(', ');
  throw new Error(
    `None of the scenes has a length: ${names}. A scene lasts as long as it yields, as in yield* waitFor(1).`,
  );
}
