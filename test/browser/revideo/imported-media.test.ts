import {cpSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {makeSoundtrack} from '../../../src/media/sound/soundtrack.ts';
import {readBundle, writeBundle} from '../../../src/renderers/revideo/bundle.ts';
import {serveMedia} from '../../../src/renderers/revideo/media-server.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {compiled, folderOf} from '../../support/compiled.ts';
import {drawChunk} from '../../support/draw-chunk.ts';
import {decodeGray, openStage} from '../../support/exact.ts';
import {decode, frequency} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {makeImportedProject, PROJECTS} from '../../support/project-media.ts';

const IMPORTED = join(PROJECTS, 'same/imported');
const signal = AbortSignal.timeout(120_000);
beforeAll(makeImportedProject);

describe('Media beside the sources', {timeout: 120_000}, () => {
  it('are drawn, and their sounds have files for ffmpeg', async () => {
    await using stage = openStage('same/imported');
    const {sounds, size} = await stage.plan();
    const located = await Promise.all(sounds.map(({src}) => stage.renderer.locate(src)));
    expect(located.map((path) => basename(path)).sort()).toEqual(['a clip.mp4', 'beat.mp3', 'chime.wav']);
    const [picture] = await stage.chunk([3, 4], (file) => decodeGray(file, size));
    // The clip fills the frame: nothing of the background is left.
    expect([...(picture?.pixels ?? [])].filter((value) => value < 10).length).toBeLessThan(160 * 90 * 0.3);
  });

  it('come with a compiled project, which draws the same', async () => {
    const folder = scratch();
    await writeBundle(await findProject(IMPORTED), {folder, cache: readConfig().cache});
    const alone = revideoRenderer({project: '/nowhere', bundle: folder, cache: readConfig().cache});
    onTestFinished(() => alone.close());
    await using stage = openStage('same/imported');
    const [here] = await stage.hashes([[0, 6]]);
    const directory = scratch();
    const order = {start: 0, end: 6, variables: {}, frameHashes: true};
    const {hashes} = await drawChunk(alone, order, {directory, signal});
    expect(hashes?.[0]).toBe(here);
    const {sounds} = await alone.plan({}, {directory, signal});
    const paths = await Promise.all(sounds.map(({src}) => alone.locate(src)));
    expect(paths.every((path) => path.startsWith(folder))).toBe(true);
  });

  it('are served in parts', async () => {
    const {folder} = await compiledImported();
    const server = await serveMedia({folder, publicFolder: join(folder, 'none'), hash: ''});
    onTestFinished(() => server.close());
    const answer = await fetch(`${server.origin}/src/assets/beat.mp3`, {headers: {range: 'bytes=10-19'}});
    const whole = await readFile(join(IMPORTED, 'src/assets/beat.mp3'));
    expect(answer.status).toBe(206);
    expect(Buffer.from(await answer.bytes())).toEqual(whole.subarray(10, 20));
  });

  /** The compiled page of the project, by the shared cache. */
  async function compiledImported() {
    const folder = scratch();
    await writeBundle(await findProject(IMPORTED), {folder, cache: readConfig().cache});
    return readBundle(folder);
  }
});

/** Every way in which a project may name one sound. */
const WAYS = `{
  'an import': () => beat,
  'the address of its own server': () => location.origin + '/open.mp3',
  'an import at its own server': () => new URL(beat, location.href).href,
  'what is beside the module': () => new URL('./beat.mp3', import.meta.url).href,
  'what is beside the module, by a variable': () => new URL(name, import.meta.url).href,
  'a blob:': () => URL.createObjectURL(blob),
  'a data: that is longer than a command line': () => 'data:audio/mpeg;base64,' + btoa(binary).padEnd(3e5, 'AAAA'),
}`;

it('A sound is heard however it is named', {timeout: 120_000}, async () => {
  const folder = folderOf({
    'src/project.tsx': `
      import {Audio, makeScene2D} from '@revideo/2d';
      import {makeProject, useScene, waitFor} from '@revideo/core';
      import beat from './beat.mp3';
      const bytes = new Uint8Array(await (await fetch(beat)).arrayBuffer());
      const name = './beat.mp3';
      const blob = new Blob([bytes], {type: 'audio/mpeg'});
      const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
      const ways: Record<string, () => string> = ${WAYS};
      const scene = makeScene2D('sound', function* (view) {
        const way = useScene().variables.get('way', '')();
        yield view.add(<Audio src={ways[way]?.()} play={true} />);
        yield* waitFor(0.5);
      });
      export default makeProject({scenes: [scene], settings: {shared: {size: {x: 64, y: 36}}}});`,
    'public/about.txt': '',
  });
  for (const name of ['src/beat.mp3', 'public/open.mp3']) {
    cpSync(join(IMPORTED, 'src/assets/beat.mp3'), join(folder, name));
  }
  const renderer = await compiled(folder);
  const listen = async (way: string) => {
    const directory = scratch();
    const {sounds, frames, fps} = await renderer.plan({way}, {directory, signal});
    const locate = (address: string) => renderer.locate(address);
    const {path, silent} = await makeSoundtrack({sounds, frames, fps, locate, directory, signal});
    const [left] = await decode(path);
    return {silent, pitch: Math.round(frequency(left.subarray(4_800, 19_200), 48_000) / 10) * 10};
  };
  const heard = {silent: false, pitch: 440};
  expect(await listen('an import')).toEqual(heard);
  expect(await listen('the address of its own server')).toEqual(heard);
  expect(await listen('an import at its own server')).toEqual(heard);
  expect(await listen('what is beside the module')).toEqual(heard);
  expect(await listen('what is beside the module, by a variable')).toEqual(heard);
  expect(await listen('a blob:')).toEqual(heard);
  expect(await listen('a data: that is longer than a command line')).toEqual(heard);
});
