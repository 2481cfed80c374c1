import {type Audio, Rect, type Video, type View2D} from '@revideo/2d';
import {range} from '@revideo/core';

/** Squares of 12 pixels: 24 for the digits, the lowest on the left, and one that is white while the node plays. */
const DIGITS = 24;
const SQUARE = 12;

/** Draws, from y pixels below the top on, what time of its media a node asks for: in microseconds, in binary. */
export function addClock(view: View2D, node: Video | Audio, y: number): void {
  const microseconds = () => Math.round(node.getCurrentTime() * 1e6);
  const place = (digit: number): [number, number] => [-160 + (digit + 0.5) * SQUARE, -90 + y + SQUARE / 2];
  view.add(
    <>
      {range(DIGITS).map((digit) => (
        <Rect
          size={SQUARE}
          position={place(digit)}
          fill={() => (Math.floor(microseconds() / 2 ** digit) % 2 ? 'white' : 'black')}
        />
      ))}
      <Rect size={SQUARE} position={place(DIGITS)} fill={() => (node.isPlaying() ? 'white' : 'black')} />
    </>,
  );
}
