import {once} from 'node:events';
import {mkdtemp, readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import {makeSoundtrack} from '../../../src/media/sound/soundtrack.ts';
import {type Canaries, FILE_SECRET, SIGNATURE, startCanaries} from '../../support/canaries.ts';
import {openStage, type Stage} from '../../support/hostile-handler.ts';
import {decode, loudness, noise, writeWav} from '../../support/media.ts';
import {run} from '../../support/soundtrack.ts';

let canaries: Canaries;
let stage: Stage;
/** A server that is allowed, and lies. */
let lures: string;

const server = createServer((request, response) => {
  const wav = {'content-type': 'audio/wav'};
  const path = request.url?.split('?')[0];
  const timer = (milliseconds: number, bytes: Buffer) => {
    const sending = setInterval(() => response.write(bytes), milliseconds);
    response.on('close', () => clearInterval(sending));
  };
  if (path === '/away') {
    const location = `http://${canaries.host}/steal?signature=${SIGNATURE}`;
    // A page may follow it.
    response.writeHead(302, {location, 'access-control-allow-origin': '*'}).end();
  } else if (path === '/far') {
    response.writeHead(307, {location: `/away?signature=${SIGNATURE}`}).end();
  } else if (path === '/file') {
    response.writeHead(302, {location: 'file:///etc/hosts'}).end();
  } else if (path === '/around') {
    response.writeHead(302, {location: `/around?signature=${SIGNATURE}`}).end();
  } else if (path === '/huge.wav') {
    response.writeHead(206, {...wav, 'content-range': 'bytes 0-1048575/9999999999'}).write('RIFF');
  } else if (path === '/huge-whole.wav') {
    response.writeHead(200, {...wav, 'content-length': 9_999_999_999}).write('RIFF');
  } else if (path === '/endless.wav') {
    response.writeHead(200, {...wav, 'access-control-allow-origin': '*'});
    timer(1, Buffer.alloc(100_000));
  } else if (path === '/endless-range.wav') {
    response.writeHead(206, {...wav, 'content-range': 'bytes 0-999999/1000000'});
    timer(1, Buffer.alloc(100_000));
  } else if (path === '/trickle.wav') {
    response.writeHead(200, wav);
    timer(100, Buffer.from('R'));
  } else if (path === '/page') {
    response.writeHead(200, {'content-type': 'text/html'}).end('<h1>Elsewhere</h1>');
  } else if (path === '/list.wav') {
    const list = `#EXTM3U\n#EXTINF:2,\nhttp://${canaries.host}/steal\n#EXT-X-ENDLIST\n`;
    response.writeHead(200, wav).end(list);
  } else if (path === '/concat.wav') {
    response.writeHead(200, wav).end(`ffconcat version 1.0\nfile http://${canaries.host}/steal\n`);
  } else {
    response.writeHead(404).end();
  }
});

beforeAll(async () => {
  canaries = await startCanaries();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  lures = `http://${host}`;
  const privateHosts = readPrivateHosts(host) ?? [];
  stage = await openStage(canaries, {privateHosts, maxMediaMb: 2, mediaTimeout: 2, maxFrames: 3000});
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await canaries[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

/** Makes a film's sound of a source, as the orchestrator does. */
async function soundOf(src: string): Promise<string> {
  const directory = await mkdtemp(join(stage.folder, 'sound-'));
  const locate = (address: string) => stage.renderer.locate(address);
  const request = {frames: 30, fps: 30, directory, locate, signal: AbortSignal.timeout(60_000)};
  return (await makeSoundtrack({...request, sounds: [run(src)]})).path;
}

const inline = (type: string, text: string) => `data:${type};base64,${btoa(text)}`;

describe('No sound is made of', {timeout: 60_000}, () => {
  test.each([
    'file:///etc/hosts',
    'FILE:///etc/hosts',
    'concat:/etc/hosts|/etc/passwd',
    'subfile,,start,0,end,0,,:/etc/hosts',
    'pipe:0',
    'fd:0',
    'crypto:/etc/hosts',
    'async:/etc/hosts',
    'cache:http://127.0.0.1/',
    'tcp://127.0.0.1:1',
    'udp://127.0.0.1:1',
    'rtmp://127.0.0.1:1/live',
    'ftp://127.0.0.1:1/sound.mp3',
    'gopher://127.0.0.1:1/',
    'lavfi:anullsrc',
    'sine=frequency=440',
    '/etc/hosts',
    '../beside.txt',
    '/../beside.txt',
    '/%2e%2e/beside.txt',
    '/..%2f..%2foutside/secret.txt',
    '/%00',
    '/%E0%A4%A',
    '//127.0.0.1:1/sound.mp3',
    '\\\\127.0.0.1\\sound.mp3',
    '-i',
    '-f lavfi -i sine',
    '/link.txt',
    '/linked/secret.txt',
    '/around/linked/secret.txt',
    '/around',
    '/zero.mp3',
    '/pipe.mp3',
    '/list.m3u8',
    '/list.mp3',
    '/concat.mp3',
    '/words.txt',
    '$(touch /tmp/owned)',
    '`touch /tmp/owned`;',
    'a.mp3[out0];movie=/etc/hosts[out1]',
  ])('%s', async (src) => {
    await stage.refuse(soundOf(src), {names: src});
  });

  test.each([
    ['a playlist', inline('audio/x-mpegurl', '#EXTM3U\n#EXTINF:2,\nfile:///etc/hosts\n#EXT-X-ENDLIST\n')],
    ['a script', inline('audio/mpeg', 'ffconcat version 1.0\nfile /etc/hosts\n')],
    ['words', inline('audio/wav', FILE_SECRET)],
    ['nothing', 'data:audio/wav'],
    ['more words than a command line takes', inline('audio/wav', FILE_SECRET.repeat(100_000))],
  ])('a data: address of %s', async (_, src) => {
    await stage.refuse(soundOf(src), {names: /data:audio\/[^ ]*,… cannot be read: /});
  });

  test.each([
    [
      'another server that leads here',
      '/away',
      /away\?… cannot be read: it leads to 127\.0\.0\.1:\d+, an address of this machine/,
    ],
    ['one that leads here by itself', '/far', /far\?… cannot be read: it leads to 127\.0\.0\.1/],
    ['one that leads to a file', '/file', /file\?… cannot be read: /],
    ['one that leads in a circle', '/around', /around\?… cannot be read: /],
    [
      'what is too much, by range',
      '/huge.wav',
      /huge\.wav\?… cannot be read: it has more than the 2 MB that REVIDEO_MAX_MEDIA_MB allows/,
    ],
    [
      'what is too much as a whole',
      '/huge-whole.wav',
      /huge-whole\.wav\?… cannot be read: it has more than the 2 MB/,
    ],
    ['what has no end', '/endless.wav', /endless\.wav\?… cannot be read: it has more than the 2 MB/],
    [
      'a part that has no end',
      '/endless-range.wav',
      /endless-range\.wav\?… cannot be read: its server sends more than it was asked for/,
    ],
    [
      'what never comes',
      '/trickle.wav',
      /trickle\.wav\?… cannot be read: its server has sent \d+ bytes in 2 s; 1000 a second/,
    ],
    ['a playlist that is called a sound', '/list.wav', /list\.wav\?… cannot be read: /],
    ['a script that is called a sound', '/concat.wav', /concat\.wav\?… cannot be read: /],
  ])('%s', async (_, path, names) => {
    await stage.refuse(soundOf(`${lures}${path}?signature=${SIGNATURE}`), {names});
  });
});

test('a data: address of any length is heard', async () => {
  const samples = noise(48_000);
  const path = await writeWav(join(stage.folder, 'long.wav'), {rate: 48_000, channels: [samples, samples]});

  const src = `data:audio/wav;base64,${(await readFile(path)).toString('base64')}`;
  expect(src.length).toBeGreaterThan(200_000);
  expect(loudness((await decode(await soundOf(src)))[0])).toBeGreaterThan(0.1);
});

describe('A film does not get', {timeout: 60_000}, () => {
  test.each(['fetch', 'picture', 'script', 'frame', 'worker', 'Img', 'Video', 'Audio'])(
    'where a server sends it: %s',
    async (attack) => {
      const src = `${lures}/away?signature=${SIGNATURE}`;
      const names = /^[A-Z]|^script$/.test(attack) ? `${lures}/away?…` : `http://${canaries.host}/steal?…`;
      await stage.refuse(stage.chunk({attack, src}), {names});
    },
  );

  test('away from its own page', async () => {
    const names = 'The project has left its page';
    await stage.refuse(stage.chunk({attack: 'leave', src: `${lures}/page`}), {error: 'SceneFailed', names});
  });

  test('more of another server than it may', async () => {
    const src = `${lures}/endless.wav`;
    await stage.refuse(stage.chunk({attack: 'fetch', src}), {names: 'more than 2 MB'});
    await stage.refuse(stage.film({attack: 'Audio', src}), {
      names: `${src} cannot be read: it has more than the 2 MB`,
    });
  });

  test.each(['endless', 'for ever'])('longer than it may: %s', async (attack) => {
    const names = 'has not ended after 3000 frames. REVIDEO_MAX_FRAMES';
    await stage.refuse(stage.film({attack}), {error: 'SceneFailed', names});
    await stage.refuse(stage.chunk({attack}), {error: 'SceneFailed', names});
  });
});
