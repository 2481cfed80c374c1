import {mkdirSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {decodeGray, openStage, type Picture, pixelsOf} from '../../support/exact.ts';
import {ffmpeg} from '../../support/media.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** As stored, in pixels: the upper left quarter is white, the others are grey. */
const [WIDTH, HEIGHT] = [32, 16];
/** The area behind a clip, and around it, is black. */
const CELL = 80;

/**
 * `matrix` is a, b, c, d of the track header (ISO/IEC 14496-12, 8.3.2). `wide` is the width of a pixel
 * relative to its height.
 */
const CLIPS = [
  {matrix: [1, 0, 0, 1], white: 'upper left', size: [32, 16]},
  {matrix: [0, 1, -1, 0], white: 'upper right', size: [16, 32]},
  {matrix: [-1, 0, 0, -1], white: 'lower right', size: [32, 16]},
  {matrix: [0, -1, 1, 0], white: 'lower left', size: [16, 32]},
  {matrix: [-1, 0, 0, 1], white: 'upper right', size: [32, 16]},
  {matrix: [1, 0, 0, -1], white: 'lower left', size: [32, 16]},
  {matrix: [0, 1, 1, 0], white: 'upper left', size: [16, 32]},
  {matrix: [0, -1, -1, 0], white: 'lower right', size: [16, 32]},
  {matrix: [1, 0, 0, 1], wide: 2, white: 'upper left', size: [64, 16]},
  {matrix: [0, 1, -1, 0], wide: 2, white: 'upper right', size: [16, 64]},
];

test('clips are drawn turned, flipped and as wide as their container says, without a size of their own', {
  timeout: 100_000,
}, async () => {
  const size = {x: CELL * CLIPS.length, y: CELL};
  const folder = throwAwayProject({
    packages: true,
    size,
    before: `import {Video} from '@revideo/2d';`,
    scene: `view.fill('black'); for (let n = 0; n < ${CLIPS.length}; n++)
      view.add(<Video src={'/' + n + '.mp4'} x={${CELL / 2 - size.x / 2} + n * ${CELL}} play />);
      yield* waitFor(0.2);`,
  });
  mkdirSync(join(folder, 'public'), {recursive: true});
  for (const [index, {matrix, wide = 1}] of CLIPS.entries()) {
    const path = join(folder, 'public', `${index}.mp4`);
    const white = `drawbox=x=0:y=0:w=${WIDTH / 2}:h=${HEIGHT / 2}:color=white:t=fill,setsar=${wide}`;
    const picture = `color=gray:s=${WIDTH}x${HEIGHT}:r=30:d=0.5,${white}`;
    await ffmpeg('-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-crf', '4', '-pix_fmt', 'yuv420p', path);
    await turn(path, matrix);
  }
  await using stage = openStage(folder);
  const plan = await stage.plan();
  const [drawn] = await stage.chunk([1, 2], (file) => decodeGray(file, plan.size));
  expect(CLIPS.map((_, index) => look(drawn as Picture, index * CELL))).toEqual(
    CLIPS.map(({white, size}) => ({white, size})),
  );
});

/** Writes a matrix into the only track header of an MP4. */
async function turn(path: string, matrix: readonly number[]): Promise<void> {
  const file = await readFile(path);
  const start = file.indexOf('tkhd') + 44;
  matrix.forEach((value, index) => {
    file.writeInt32BE(value * 65_536, start + ([0, 4, 12, 16][index] ?? 0));
  });
  await writeFile(path, file);
}

/** The size of a cell's part that is not black, and its white corner. */
function look(picture: Picture, left: number): {white: string | undefined; size: number[]} {
  const at = (x: number, y: number) => [...pixelsOf(picture, [x, y, 1, 1])][0] ?? 0;
  const line = Array.from({length: CELL}, (_, index) => index);
  const columns = line.filter((x) => at(left + x, CELL / 2) > 60);
  const rows = line.filter((y) => at(left + CELL / 2, y) > 60);
  const [x, y] = [columns.length / 4, rows.length / 4];
  const centre = left + CELL / 2;
  const corners = {
    'upper left': at(centre - x, CELL / 2 - y),
    'upper right': at(centre + x, CELL / 2 - y),
    'lower left': at(centre - x, CELL / 2 + y),
    'lower right': at(centre + x, CELL / 2 + y),
  };
  const white = Object.entries(corners).find(([, value]) => value > 200)?.[0];
  return {white, size: [columns.length, rows.length]};
}
