import type {Vector2} from '@revideo/core';
import {MAX_PIXELS} from '../../../base/media-limits.ts';

/**
 * Refuses settings that no encoder supports, before anything is drawn. H.264 halves colour in both
 * directions: even numbers only.
 */
export function checkSettings({
  size,
  fps,
  resolutionScale,
}: {
  size: Vector2;
  fps: number;
  resolutionScale: number;
}): void {
  const pixels = [size.width * resolutionScale, size.height * resolutionScale];
  if (
    !pixels.every((length) => Number.isInteger(length) && length % 2 === 0 && length >= 16 && length <= 8192)
  ) {
    throw new Error(
      `The project's size is ${pixels.join('x')}; both must be even whole numbers from 16 to 8192.`,
    );
  }
  const [width = 0, height = 0] = pixels;
  if (width * height > MAX_PIXELS) {
    throw new Error(
      `The project's size is ${width}x${height}, ${width * height} pixels; it may have ${MAX_PIXELS}, as 4096x2304 has.`,
    );
  }
  if (!(fps > 0 && fps <= 240))
    throw new Error(`The project's fps is ${fps}; it must be above 0 and at most 240.`);
}
