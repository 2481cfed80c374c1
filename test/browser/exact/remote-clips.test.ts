import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {BLOCK} from '../../../src/renderers/revideo/remote/block-store.ts';
import {cut, openStage, type Range, shuffle} from '../../support/exact.ts';
import {ffmpeg} from '../../support/media.ts';
import {type ClipName, makeNumberedClips} from '../../support/numbered-clips.ts';
import {type Origin, startOrigin} from '../../support/origin.ts';
import {makePublicFiles, PROJECTS} from '../../support/project-media.ts';

const NAMES: ClipName[] = ['open-gop.mp4', 'vp9.webm', 'b25.mov'];
/** A clip of 20 seconds that is mostly noise. */
const LONG = 'long.mp4';

const fromPublic = (name: string) => readFile(join(PROJECTS, 'clips/public', name));
const film = (sources: string[], seconds: number) => ({
  cases: sources.map((src) => ({props: {src, play: true}})),
  seconds,
});
const hashesOf = async (variables: Record<string, unknown>, cutter: (frames: number) => Range[]) => {
  await using stage = openStage('clips', variables);
  return await stage.hashes(cutter((await stage.plan()).frames));
};

describe("another server's clip", {timeout: 300_000}, () => {
  beforeAll(async () => {
    await makeNumberedClips();
    await makePublicFiles('clips', {
      [LONG]: (path) =>
        ffmpeg(
          ...[
            '-f',
            'lavfi',
            '-i',
            'testsrc=size=256x144:rate=30:duration=20',
            '-vf',
            'noise=alls=100:allf=t',
          ],
          ...[
            '-c:v',
            'libx264',
            '-preset',
            'ultrafast',
            '-qp',
            '12',
            '-g',
            '30',
            '-pix_fmt',
            'yuv420p',
            path,
          ],
        ),
    });
  });

  test.each([
    {name: 'with ranges', ranges: true},
    {name: 'without ranges', ranges: false},
  ])('is drawn as one of the project, and read once over several chunks: $name', async ({ranges}) => {
    const files = await Promise.all(
      NAMES.map(async (name) => [`/${name}`, {bytes: await fromPublic(name), ranges, etag: '"1"'}] as const),
    );
    const origin = await startOrigin(Object.fromEntries(files));
    const local = film(
      NAMES.map((name) => `/${name}`),
      1.5,
    );
    const remote = film(
      NAMES.map((name) => `${origin.address}/${name}?signature=1`),
      1.5,
    );
    const whole = await hashesOf(local, (frames) => [[0, frames]]);
    expect(await hashesOf(remote, (frames) => shuffle(cut(frames, 5), 3))).toEqual(whole);
    for (const [path] of files) {
      const starts = blocksAskedFor(origin, path);
      expect(new Set(starts).size).toBe(starts.length);
    }
  });

  test('is read where it is needed', async () => {
    const bytes = await fromPublic(LONG);
    const blocks = bytes.length / BLOCK;
    const origin = await startOrigin({[`/${LONG}`]: {bytes}});
    await using stage = openStage('clips', film([`${origin.address}/${LONG}`], 20));
    await stage.chunk([300, 310], ({frames}) => expect(frames).toBe(10));
    const asked = blocksAskedFor(origin, `/${LONG}`);
    expect(asked.length).toBeLessThan(blocks / 3);
  });
});

/** The first bytes of the fetched blocks, without the checks whether the file is still the same. */
const blocksAskedFor = ({requests}: Origin, path: string): number[] =>
  requests.filter((one) => one.path === path && one.end - one.start > 1).map(({start}) => start);
