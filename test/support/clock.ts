import {type Area, brightness, type Picture} from './exact.ts';

/** A row of squares, each white or black. */
export interface Squares {
  x: number;
  y: number;
  size: number;
  count: number;
}

/** The number that squares say in binary, the lowest digit on the left. Throws if one is neither black nor white. */
export function readSquares(picture: Picture, {x, y, size, count}: Squares): number {
  let value = 0;
  for (let digit = 0; digit < count; digit++) {
    const middle: Area = [x + digit * size + 3, y + 3, size - 6, size - 6];
    const light = brightness(picture, middle);
    if (light > 80 && light < 175) {
      throw new Error(`Digit ${digit} at ${x},${y} is neither black nor white: ${light}`);
    }
    if (light > 128) value += 2 ** digit;
  }
  return value;
}

/**
 * The output of `addClock` of the project `clips`, y pixels below the top: the node's time in seconds, and
 * whether it plays.
 */
export function readClock(picture: Picture, y: number): {time: number; playing: boolean} {
  return {
    time: readSquares(picture, {x: 0, y, size: 12, count: 24}) / 1e6,
    playing: readSquares(picture, {x: 288, y, size: 12, count: 1}) === 1,
  };
}
