import {mkdirSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Edit, followEdits, readEdits} from '../../../src/renderers/revideo/page/edits.ts';
import {compareSpans} from '../../../src/renderers/revideo/page/two-clocks.ts';
import {brightness, decodeGray, openStage} from '../../support/exact.ts';
import {ffmpeg} from '../../support/media.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** Half a second of black, then half a second of white. */
const PICTURE = 'color=black:s=64x36:r=30:d=1';
const WHITE = "drawbox=w=64:h=36:color=white:t=fill:enable='gte(n,15)'";

/** Makes a clip, from `late` seconds on where that is given, and writes over lines of its edit list. */
async function clip(path: string, lines: [seconds: number, at: number][] = [], late = 0): Promise<string> {
  const filters = ['-vf', `${WHITE},setpts=PTS+${late}/TB`, '-vsync', '0'];
  const codec = ['-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p', '-video_track_timescale', '30000'];
  await ffmpeg('-f', 'lavfi', '-i', PICTURE, ...filters, ...codec, path);
  const file = await readFile(path);
  const list = file.indexOf('elst') + 12;
  for (const [index, [seconds, at]] of lines.entries()) {
    file.writeUInt32BE(Math.round(seconds * 1000), list + index * 12);
    file.writeInt32BE(Math.round(at * 30_000), list + index * 12 + 4);
  }
  await writeFile(path, file);
  return path;
}

test('a clip plays what its edit says, and one that is put together from pieces is refused by its name', {
  timeout: 100_000,
}, async () => {
  const folder = throwAwayProject({
    packages: true,
    before: `import {Video} from '@revideo/2d';`,
    scene: `const [name] = [useScene().variables.get('name', '')()];
      const clip = createRef<Video>();
      yield view.add(<Video ref={clip} src={'/' + name + '.mp4'} size={['100%', '100%']} play />);
      yield* waitFor(1);`,
  });
  const shared = join(folder, 'public');
  mkdirSync(shared, {recursive: true});
  await clip(join(shared, 'end.mp4'), [[0.3, 0.2]]);
  await clip(join(shared, 'late.mp4'), [], 0.3);
  const pieces = await clip(join(shared, 'pieces.mp4'), [[0.3, 0]], 0.3);
  const bright = async (name: string) => {
    await using stage = openStage(folder, {name});
    const {size, frames} = await stage.plan();
    const pictures = await stage.chunk([0, frames], (file) => decodeGray(file, size));
    return pictures.flatMap((picture, index) => (brightness(picture, [8, 8, 16, 16]) > 128 ? [index] : []));
  };
  expect(await bright('end')).toEqual([]);
  // White begins at 0.5 s, after a start at 0.3 s.
  expect((await bright('late'))[0]).toBe(24);
  await expect(bright('pieces')).rejects.toMatchObject({
    name: 'MediaFailed',
    message: expect.stringMatching(
      /\/pieces\.mp4 cannot be read: its index puts the picture together from 2 pieces/,
    ),
  });
  const bytes = await readFile(pieces);
  const file = {length: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end)};
  expect(await readEdits(file)).toEqual([
    {
      sort: 'picture',
      edits: [expect.objectContaining({at: 0, seconds: 0.3}), expect.objectContaining({at: 0})],
    },
  ]);
});

const edit = (at: number | undefined, seconds: number, rate = 1): Edit => ({at, seconds, rate});

test.each<{name: string; edits: Edit[]; pieces?: number; end?: number}>([
  {name: 'no edits', edits: []},
  {name: 'one for all of it', edits: [edit(0.02, 4)], end: 4},
  {name: 'one for what is written later', edits: [edit(0, 0)]},
  {name: 'a late start', edits: [edit(undefined, 0.5), edit(0, 4)], end: 4.5},
  {name: 'two that follow each other', edits: [edit(1, 2), edit(3.0005, 1)], end: 3},
  {name: 'two that jump', edits: [edit(0, 1), edit(2, 1)], pieces: 2},
  {name: 'a pause between two', edits: [edit(0, 1), edit(undefined, 1), edit(1, 1)], pieces: 3},
  {name: 'another speed', edits: [edit(0, 1, 0.5)], pieces: 2},
])('edits: $name', ({edits, pieces, end}) => {
  const followed = followEdits([{sort: 'picture', edits}]);
  if (pieces) expect(followed.refusal).toContain(`from ${pieces} pieces`);
  else expect(followed).toEqual(end === undefined ? {} : {picture: end, end});
});

test('picture and sound that are far apart are told of, those of ordinary files are not', () => {
  expect(compareSpans({first: 0, end: 4}, {first: -0.02, end: 4.1})).toBeUndefined();
  expect(compareSpans({first: 0.5, end: 60}, {first: 0, end: 31})).toBeUndefined();
  expect(compareSpans({first: 0, end: 60}, {first: 0, end: 20})).toContain('ends at 60 s, its sound at 20 s');
  expect(compareSpans({first: 3, end: 9}, {first: 0, end: 9})).toContain('begins at 3 s, its sound at 0 s');
});
