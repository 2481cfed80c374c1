import {mkdirSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {sniff} from '../../../src/renderers/revideo/page/file-kinds.ts';
import {compiled, folderOf} from '../../support/compiled.ts';
import {drawChunk} from '../../support/draw-chunk.ts';
import {ffmpeg} from '../../support/media.ts';

const PROJECT = `
import {makeScene2D, Audio, Img, Video} from '@revideo/2d';
import {makeProject, useScene, waitFor} from '@revideo/core';
const scene = makeScene2D('media', function* (view) {
  const get = (name) => useScene().variables.get(name, '')();
  const [kind, src] = [get('kind'), get('src')];
  if (kind === 'Img') yield view.add(<Img src={src} />);
  else yield view.add(kind === 'Audio' ? <Audio src={src} play /> : <Video src={src} size={64} play />);
  yield* waitFor(0.1);
});
export default makeProject({scenes: [scene], settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}}});
`;

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=30:d=0.2'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=0.2:sample_rate=48000'];

/** The command that makes a file, how much of it is left, and the message of its render. */
const CASES: {name: string; made: string[] | string; says: RegExp; draws?: boolean; cut?: number}[] = [
  {
    name: 'sounding.mov',
    made: [...PICTURE, ...SOUND, '-c:v', 'prores', '-c:a', 'pcm_s16le'],
    says: /its picture is Apple ProRes \("apcn"\).*libx264/,
    draws: true,
  },
  {
    name: 'h.mp4',
    made: [...PICTURE, '-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'],
    says: /its picture is HEVC \(H\.265\).*libx264/,
  },
  {name: 's.m4a', made: [...SOUND, '-c:a', 'alac'], says: /its sound is Apple Lossless \(ALAC\).*-c:a aac/},
  {
    name: 's.ts',
    made: [...PICTURE, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    says: /it is an MPEG transport stream.*-c copy/,
  },
  {name: 'x.avi', made: [...PICTURE, '-c:v', 'mpeg4'], says: /it is an AVI file.*libx264/},
  {name: 'page.mp4', made: '<!DOCTYPE html><html>Sign in</html>', says: /it is an HTML page, not a film/},
  {
    name: 'cut.mp4',
    made: [...PICTURE, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
    cut: 0.7,
    says: /it breaks off: \d+ of at least \d+ bytes are there \((70|69) %\)/,
  },
  {name: 'index.mp4', made: [...PICTURE, '-c:v', 'libx264'], cut: 0.3, says: /it breaks off: /},
  {name: 'cut.wav', made: SOUND, cut: 0.5, says: /it breaks off: .*\(5\d %\)/},
  {name: 'empty.mp4', made: '', says: /it is an empty file/},
];

it('A file that a browser cannot play is called by its container and codec, with what would work', {
  timeout: 100_000,
}, async () => {
  const folder = folderOf({'src/project.jsx': PROJECT});
  mkdirSync(join(folder, 'public'));
  for (const {name, made, cut} of CASES) {
    const path = join(folder, 'public', name);
    if (typeof made === 'string') writeFileSync(path, made);
    else await ffmpeg(...made, path);
    if (cut) truncateSync(path, Math.floor(statSync(path).size * cut));
  }
  const renderer = await compiled(folder);
  const run = async (variables: Record<string, string>, draws = false) => {
    const signal = AbortSignal.timeout(60_000);
    const plan = await renderer.plan(variables, {signal} as never);
    const chunk = {start: 0, end: 1, variables, frameHashes: false};
    if (draws) await drawChunk(renderer, chunk, {directory: folder, signal});
    return plan;
  };
  for (const {name, says, draws} of CASES) {
    const kind = /\.(m4a|wav)$/.test(name) ? 'Audio' : 'Video';
    const error = await run({kind, src: `/${name}`}, draws).catch((error: unknown) => error);
    expect(error, name).toMatchObject({
      name: 'MediaFailed',
      message: expect.stringMatching(new RegExp(`/${name} cannot be read: ${says.source}`)),
    });
  }
  // Revideo draws an image with an empty address as nothing, and projects may rely on it.
  expect(await run({kind: 'Img', src: ''})).toMatchObject({
    warnings: [expect.stringMatching(/^The src of an <Img> is empty/)],
  });
  for (const kind of ['Video', 'Audio'])
    await expect(run({kind, src: ''})).rejects.toThrow(`The src of <${kind}> is empty.`);
});

it.each([
  ['{"error": "not found"}', 'a JSON text'],
  ['version https://git-lfs.github.com/spec/v1\n', 'a pointer of Git LFS'],
  ['\n  <html lang="en">', 'an HTML page'],
  ['\0\0\x01\xba', 'an MPEG program stream (.mpg, .vob)'],
  ['\0'.repeat(100), 'a file of zeros'],
  ['\0\0\0\x20ftypisom', undefined],
])('what begins with %j is called %s', (begins, name) => {
  expect(sniff(Buffer.from(begins, 'latin1'))?.name).toBe(name);
});
