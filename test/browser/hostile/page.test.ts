import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import {type Canaries, SIGNATURE, startCanaries} from '../../support/canaries.ts';
import {openStage, type Stage} from '../../support/hostile-handler.ts';

let canaries: Canaries;
let stage: Stage;
beforeAll(async () => {
  canaries = await startCanaries();
  // Another port of the same address is allowed, as a server of the operator's may be.
  stage = await openStage(canaries, {privateHosts: readPrivateHosts('127.0.0.1:1') ?? []});
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await canaries[Symbol.asyncDispose]();
});

/** Everything by which a page can ask a server for something. */
const WAYS = [
  ...['fetch', 'opaque', 'post', 'xhr', 'events', 'beacon', 'worker', 'download', 'leave', 'frame', 'object'],
  ...['picture', 'sound', 'background', 'font', 'style', 'script', 'preload', 'preconnect', 'embed'],
  ...['Img', 'Video', 'Audio'],
];

describe('A server of this machine is not reached', {timeout: 60_000}, () => {
  test.each(WAYS)('by %s', async (attack) => {
    const names = `http://${canaries.host}/steal`;
    await stage.refuse(stage.chunk({attack, src: `${names}?X-Amz-Signature=${SIGNATURE}`}), {names});
  });

  test.each(['form', 'window', 'transport'])('by %s, which the browser itself refuses', async (attack) => {
    const names = `https://${canaries.host}/steal`;
    const src = `${names}?token=${SIGNATURE}`;
    await stage.refuse(stage.chunk({attack, src}), {error: 'SceneFailed', names});
  });

  test.each(['ws', 'wss'])('by a socket: %s', async (scheme) => {
    const src = `${scheme}://${canaries.host}/steal?token=${SIGNATURE}`;
    await stage.refuse(stage.chunk({attack: 'socket', src}), {names: canaries.host});
  });

  test('by UDP', async () => {
    const names = `stun:${canaries.host} has said nothing`;
    await stage.refuse(stage.chunk({attack: 'stun'}), {error: 'SceneFailed', names});
  });

  test('by a relay over TCP', async () => {
    await stage.refuse(stage.chunk({attack: 'turn'}), {names: canaries.host});
  });

  test.each([
    ['a name', 'localhost', 'localhost'],
    ['a name with the dot of the root', 'LOCALHOST.', 'localhost.'],
    ['a name below it', 'a.localhost', 'a.localhost'],
    ['two numbers', '127.1', '127.0.0.1'],
    ['one number', '2130706433', '127.0.0.1'],
    ['a hexadecimal number', '0x7f000001', '127.0.0.1'],
    ['octal numbers', '0177.0.0.01', '127.0.0.1'],
    ['letters of another width', '１２７.０.０.１', '127.0.0.1'],
    ['another address of the range', '127.255.0.1', '127.255.0.1'],
    ['no address', '0.0.0.0', '0.0.0.0'],
    ['IPv6', '[::1]', '[::1]'],
    ['IPv6 in full', '[0:0:0:0:0:0:0:1]', '[::1]'],
    ['no address of IPv6', '[::]', '[::]'],
    ['IPv4 in IPv6', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['IPv4 in IPv6, in hexadecimal', '[::ffff:7f00:1]', '[::ffff:7f00:1]'],
  ])('however it is spelled: %s', async (_, host, shown) => {
    const src = `http://${host}:${canaries.port}/steal`;
    const names = `http://${shown}:${canaries.port}/steal`;
    await stage.refuse(stage.chunk({attack: 'fetch', src}), {names});
    await stage.refuse(stage.renderer.locate(src), {names});
  });
});

describe('Of this machine nothing is read', {timeout: 60_000}, () => {
  test.each(['fetch', 'xhr', 'script', 'Img', 'Video', 'Audio', 'leave'])(
    'by a file: address: %s',
    async (attack) => {
      const src = `file://${stage.folder}/outside/secret.txt`;
      const error = /^[A-Z]/.test(attack) ? 'MediaFailed' : 'SceneFailed';
      const names = attack === 'leave' || error === 'MediaFailed' ? '/outside/secret.txt' : /./;
      await stage.refuse(stage.chunk({attack, src}), {error, names});
    },
  );

  test.each([
    '/link.txt',
    '/linked/secret.txt',
    '/around/link.txt',
    '/%6cink.txt',
    '/%2e%2e/beside.txt',
    '/..%2fbeside.txt',
    '/..%5cbeside.txt',
    '/linked/%2e%2e/beside.txt',
    '/pipe.mp3',
    '/zero.mp3',
    '/absent.txt',
  ])('by an address of public/: %s', async (src) => {
    const error = 'SceneFailed';
    const names = /^Frame 0, scene "hostile": seen: \S+ cannot be read: /;
    await stage.refuse(stage.chunk({attack: 'fetch', src}), {error, names});
    await stage.refuse(stage.chunk({attack: 'Img', src}), {names: 'cannot be read: '});
  });

  test('though its own files are', async () => {
    await expect(stage.chunk({attack: 'fetch', src: '/words.txt'})).rejects.toThrow('seen: words');
    await expect(stage.chunk({attack: 'fetch', src: '/around/words.txt'})).rejects.toThrow('seen: words');
  });

  test.each(['chrome://settings', 'devtools://devtools', 'view-source:file:///etc/hosts', 'about:blank'])(
    'by a page of the browser: %s',
    async (src) => {
      await stage.refuse(stage.chunk({attack: 'window', src}), {error: 'SceneFailed', names: src});
    },
  );
});
