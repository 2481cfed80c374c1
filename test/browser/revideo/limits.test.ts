import {chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {execa} from 'execa';
import {describe, expect, it, onTestFinished} from 'vitest';
import {writeBundle} from '../../../src/renderers/revideo/bundle.ts';
import {checkTimeline} from '../../../src/renderers/revideo/check-timeline.ts';
import {serveMedia} from '../../../src/renderers/revideo/media-server.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {startBrowser} from '../../../src/renderers/revideo/start-browser.ts';
import {processesIn, scratch, until} from '../../support/processes.ts';
import {throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const NEVER = new AbortController().signal;

describe('A film is refused when it is planned', () => {
  it.each([
    [
      {x: 8192, y: 8192},
      "The project's size is 8192x8192, 67108864 pixels; it may have 9437184, as 4096x2304 has.",
    ],
    [{x: 4098, y: 2304}, "The project's size is 4098x2304, 9441792 pixels; it may have 9437184"],
    [{x: 10_000, y: 16}, "The project's size is 10000x16; both must be even whole numbers from 16 to 8192."],
    [{x: 63, y: 36}, "The project's size is 63x36; both must be even whole numbers from 16 to 8192."],
    [{x: 1e9, y: 1e9}, "The project's size is 1000000000x1000000000; both must be even"],
  ])('for its size: %j', async (size, message) => {
    const project = throwAwayProject({scene: 'yield;', size});
    const renderer = revideoRenderer({project, cache: await throwAwayCache()});
    onTestFinished(() => renderer.close());
    const planning = renderer.plan({}, {directory: scratch(), signal: NEVER});
    await expect(planning).rejects.toMatchObject({
      name: 'SceneFailed',
      message: expect.stringContaining(message),
    });
  });

  it('for its length, which is counted no further than it may be', async () => {
    const project = throwAwayProject({scene: 'for (;;) yield;'});
    const renderer = revideoRenderer({project, cache: await throwAwayCache()});
    onTestFinished(() => renderer.close());
    const planning = renderer.plan({}, {directory: scratch(), signal: NEVER});
    await expect(planning).rejects.toMatchObject({
      name: 'SceneFailed',
      message: expect.stringContaining('The project has not ended after 500000 frames. REVIDEO_MAX_FRAMES'),
    });
  });
});

describe('What a page says of its film', () => {
  const sound = {src: '/a.mp3', startFrame: 0, frames: 1, mediaTime: 0, playbackRate: 1, volume: 1};
  const given = {unasked: [], known: ['message']};
  const film = {frames: 10, fps: 30, size: {width: 64, height: 36}, sounds: [sound], given};

  it('is taken if it is a film', () => expect(checkTimeline(film, 10)).toEqual(film));

  it.each([
    ['frames', {...film, frames: 11}],
    ['frames', {...film, frames: 1.5}],
    ['frames', {...film, frames: '1; touch /tmp/owned'}],
    ['fps', {...film, fps: Number.POSITIVE_INFINITY}],
    ['fps', {...film, fps: '30[out];movie=/etc/hosts'}],
    ['size', {...film, size: {width: 1e6, height: 1e6}}],
    ['size.width', {...film, size: {width: -1, height: 1}}],
    ['sounds', {...film, sounds: {}}],
    ['sounds.0.src', {...film, sounds: [{...sound, src: ['-i', '/etc/hosts']}]}],
    ['sounds.0.mediaTime', {...film, sounds: [{...sound, mediaTime: Number.NaN}]}],
    ['sounds.0.mediaTime', {...film, sounds: [{...sound, mediaTime: "0,movie='/etc/hosts'"}]}],
    ['sounds.0.playbackRate', {...film, sounds: [{...sound, playbackRate: 1e300}]}],
    ['sounds.0.playbackRate', {...film, sounds: [{...sound, playbackRate: 0}]}],
    ['sounds.0.volume', {...film, sounds: [{...sound, volume: Number.POSITIVE_INFINITY}]}],
    ['sounds.0.startFrame', {...film, sounds: [{...sound, startFrame: -1}]}],
    ['its answer', undefined],
    ['its answer', {...film, more: 1}],
  ])('is refused by its field: %s', (field, answer) => {
    const expected = {
      name: 'SceneFailed',
      message: expect.stringContaining(`cannot be rendered: ${field}: `),
    };
    expect(() => checkTimeline(answer, 10)).toThrow(expect.objectContaining(expected));
  });
});

describe('The media server', () => {
  const open = async () => {
    const folder = scratch();
    const server = await serveMedia({folder, publicFolder: folder, hash: ''});
    onTestFinished(() => server.close());
    return {folder, server};
  };

  it('takes no more bytes than a chunk can have', async () => {
    const {server} = await open();
    const output = new PassThrough();
    const written = buffer(output);
    const {path} = server.receive(() => output, 10);
    const post = (body: string) => fetch(server.origin + path, {method: 'POST', body});
    expect((await post('12345678')).status).toBe(204);
    const refused = await post('90ab');
    expect([refused.status, await refused.text()]).toEqual([
      507,
      'Error: These are more bytes than the chunk can have.',
    ]);
    output.end();
    expect(String(await written)).toBe('12345678');
  });

  it('answers for other files while somebody asks for pipes', async () => {
    const {folder, server} = await open();
    await execa('mkfifo', [join(folder, 'pipe.mp4')]);
    writeFileSync(join(folder, 'file.txt'), 'a file');
    const pipes = Array.from({length: 10}, () => fetch(`${server.origin}/pipe.mp4`));
    const file = await fetch(`${server.origin}/file.txt`);
    expect(await file.text()).toBe('a file');
    for (const pipe of await Promise.all(pipes)) expect(pipe.status).toBe(404);
  });
});

it('A compiled project has the files that are served, and nothing that lies elsewhere', async () => {
  const project = throwAwayProject({scene: 'yield;'});
  const [elsewhere, compiled] = [scratch(), scratch()];
  const files = join(project, 'public');
  mkdirSync(join(files, 'out'), {recursive: true});
  writeFileSync(join(files, 'out/a.txt'), 'a');
  writeFileSync(join(elsewhere, 'secret.txt'), 'secret');
  symlinkSync('out/a.txt', join(files, 'b.txt'));
  symlinkSync(join(elsewhere, 'secret.txt'), join(files, 'secret.txt'));
  symlinkSync(elsewhere, join(files, 'elsewhere'));
  await execa('mkfifo', [join(files, 'pipe')]);
  await writeBundle(await findProject(project), {folder: compiled, cache: await throwAwayCache()});
  const found = readdirSync(join(compiled, 'public'), {recursive: true}).map(String);
  expect(found.sort()).toEqual(['b.txt', 'out', 'out/a.txt']);
});

it('A browser that starts and never answers is ended', async () => {
  const profile = scratch();
  const path = join(scratch(), 'browser');
  writeFileSync(path, '#!/bin/sh\nexec sleep 600\n');
  chmodSync(path, 0o755);
  const ways = {proxy: 'http://127.0.0.1:1', server: '127.0.0.1:2'};
  const starting = startBrowser({path, environment: {}}, {profile, ways, seconds: 1});
  await expect(starting).rejects.toMatchObject({
    name: 'BrowserCrashed',
    message: expect.stringContaining('It has not answered for 1 s.'),
  });
  await until(() => processesIn(profile).length === 0);
});
