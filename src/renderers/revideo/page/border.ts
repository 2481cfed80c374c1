import {GRID} from '../../../media/seams/border-grid.ts';

/**
 * A small picture of a frame, as in `FrameFacts.borders`: the mean luma of each area of the grid, in base64.
 */
export function borderOf(pixels: Uint8Array, {width, height}: {width: number; height: number}): string {
  const areas = new Uint8Array(GRID.columns * GRID.rows);
  for (let row = 0; row < GRID.rows; row++) {
    const [top, bottom] = span(row, GRID.rows, height);
    for (let column = 0; column < GRID.columns; column++) {
      const [left, right] = span(column, GRID.columns, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = y * width + left; x < y * width + right; x++) sum += pixels[x] ?? 0;
      }
      areas[row * GRID.columns + column] = Math.round(sum / ((bottom - top) * (right - left)));
    }
  }
  return btoa(String.fromCharCode(...areas));
}

/** Pixels `[from, to)` of an area, at least one. */
function span(index: number, areas: number, pixels: number): [from: number, to: number] {
  const from = Math.floor((index * pixels) / areas);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * pixels) / areas))];
}
