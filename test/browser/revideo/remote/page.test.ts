import {readFile} from 'node:fs/promises';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {BLOCK} from '../../../../src/renderers/revideo/remote/block-store.ts';
import {revideoRenderer} from '../../../../src/renderers/revideo/renderer.ts';
import {draw} from '../../../support/draw.ts';
import {LOOPBACK} from '../../../support/loopback.ts';
import {ffmpeg, mediaDirectory} from '../../../support/media.ts';
import {type Origin, startOrigin} from '../../../support/origin.ts';
import {throwAwayCache, throwAwayProject} from '../../../support/throw-away-project.ts';

const media = mediaDirectory();
const SECONDS = 2;

/** Draws a film of one node; `address` is part of it. */
async function film(node: string, {start = 0, timeoutSeconds = SECONDS} = {}): Promise<string[]> {
  const before = "import {Audio, Img, Video} from '@revideo/2d';";
  const scene = `view.add(${node}); yield* waitFor(30);`;
  const project = throwAwayProject({before, scene});
  const renderer = revideoRenderer({
    project,
    cache: await throwAwayCache(),
    mediaTimeout: timeoutSeconds,
    typeCheck: 'off',
    privateHosts: LOOPBACK,
  });
  onTestFinished(() => renderer.close());
  const chunk = {start, end: start + 2, frameHashes: true};
  return (await draw(renderer, chunk, {look: ({hashes}) => hashes})) ?? [];
}

const mute =
  (status: number): Origin['disturb'] =>
  (_, response) =>
    !!response.writeHead(status).end();
const page: Origin['disturb'] = (_, response) =>
  !!response.writeHead(200, {'content-type': 'text/html'}).end('<h1>Log in</h1>');
const half: Origin['disturb'] = (_, response) => {
  response.writeHead(206, {'content-range': 'bytes 0-9999/10000', 'content-type': 'video/mp4'}).write('half');
  return true;
};
const silent = `its server has said nothing for ${SECONDS} s`;

describe("another server's medium", {timeout: 120_000}, () => {
  beforeAll(async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30:duration=20'];
    await ffmpeg(...source, '-frames:v', '1', media.path('picture.png'));
    await ffmpeg(
      ...[...source, '-vf', 'noise=alls=100:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '20'],
      ...['-g', '30', '-pix_fmt', 'yuv420p', '-movflags', 'faststart', media.path('clip.mp4')],
    );
  });

  it.each([
    ['Video', '403', mute(403), 'the server says 403'],
    ['Audio', '404', mute(404), 'the server says 404'],
    ['Img', '500', mute(500), 'the server says 500'],
    ['Video', 'silence', () => true, silent],
    ['Img', 'silence', () => true, silent],
    ['Audio', 'half an answer', half, silent],
    ['Video', 'a page', page, 'its server has sent a web page (text/html)'],
    ['Img', 'a page', page, 'its server has sent a web page (text/html)'],
  ] as const)('is named with the reason: %s, %s', async (node, _, disturb, reason) => {
    const origin = await startOrigin();
    origin.disturb = disturb;
    const drawn = film(`<${node} src={'${origin.address}/medium?signature=secret'} width={9} />`);
    await expect(drawn).rejects.toMatchObject({name: 'MediaFailed', retryable: false});
    await expect(drawn).rejects.toThrow(`${origin.address}/medium?… cannot be read: ${reason}.`);
  });

  it.each([
    ['Video', /clip\.mp4 cannot be read: .*(DEMUXER|FORMAT|format)/i],
    ['Audio', /clip\.mp4 cannot be read: .*(DEMUXER|FORMAT|format)/i],
    ['Img', /clip\.mp4 cannot be read: not a picture this browser can show \(text\/plain\)/],
  ])('is named when it is none: %s', async (node, message) => {
    const bytes = Buffer.from('These are words.'.repeat(100));
    const origin = await startOrigin({'/clip.mp4': {bytes, type: 'text/plain'}});
    const drawn = film(`<${node} src={'${origin.address}/clip.mp4'} width={9} />`);
    await expect(drawn).rejects.toMatchObject({name: 'MediaFailed'});
    await expect(drawn).rejects.toThrow(message);
  });

  it.each([
    ['stalls', () => true, silent],
    ['refuses', mute(403), 'the server says 403'],
  ] as const)('is named when its server %s in the middle of it', async (_, disturb, reason) => {
    const bytes = await readFile(media.path('clip.mp4'));
    const origin = await startOrigin({'/clip.mp4': {bytes}});
    const first = Math.floor(bytes.length / BLOCK / 3);
    origin.disturb = (request, response) =>
      Number(/\d+/.exec(request.headers.range ?? '')) >= first * BLOCK && disturb(request, response);
    const drawn = film(`<Video src={'${origin.address}/clip.mp4'} width={64} play />`, {start: 400});
    await expect(drawn).rejects.toMatchObject({name: 'MediaFailed'});
    await expect(drawn).rejects.toThrow(`${origin.address}/clip.mp4 cannot be read: ${reason}.`);
  });

  it('is shown without a CORS header, picture or clip, and has its own address', async () => {
    const bytes = await readFile(media.path('picture.png'));
    const clip = await readFile(media.path('clip.mp4'));
    const origin = await startOrigin({
      '/picture.png': {bytes, type: 'image/png'},
      '/clip.mp4': {bytes: clip},
    });
    const [picture = ''] = await film(`<Img src={'${origin.address}/picture.png'} width={64} />`);
    const inline = `data:image/png;base64,${bytes.toString('base64')}`;
    expect(await film(`<Img src={'${inline}'} width={64} />`)).toEqual([picture, picture]);
    const told = film(`<Video src={'${origin.address}/clip.mp4?a=1#t=2'} ref={(video) => {
      throw new Error([video.getUrl(), video.src()].map(btoa).join(' and '));
    }} />`);
    // An error would not show all of a plain address.
    const address = btoa(`${origin.address}/clip.mp4?a=1#t=2`);
    await expect(told).rejects.toThrow(`${address} and ${address}`);
  });
});
