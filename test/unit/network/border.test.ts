import type {lookup} from 'node:dns';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {networkInterfaces} from 'node:os';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {RenderError} from '../../../src/base/errors.ts';
import {Border} from '../../../src/base/network/border.ts';
import {borderFetch} from '../../../src/base/network/fetch.ts';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import {startProxy} from '../../../src/base/network/proxy.ts';

const border = (list = '', options: ConstructorParameters<typeof Border>[0] = {}) =>
  new Border({privateHosts: readPrivateHosts(list), runtimeApi: undefined, ...options});
const refusal = (one: Border, address: string, {host = address, port = 80} = {}) =>
  one.refusal({host, port}, address)?.message;

describe('A border', () => {
  it.each(['1.1.1.1', '2606:4700::1111'])('lets the internet through: %s', (address) => {
    expect(refusal(border(), address)).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', 'an address of this machine'],
    ['10.0.0.7', 'an address of a private network'],
    ['169.254.169.254', 'where a cloud keeps its credentials'],
    ['', 'which is no address'],
  ])('refuses %s, and says why', (address, why) => {
    expect(refusal(border(), address)).toContain(why);
  });

  it.each([
    ['', 'localhost', '127.0.0.1', 8880, 'set REVIDEO_PRIVATE_HOSTS=localhost:8880'],
    ['', '::1', '::1', 9000, 'set REVIDEO_PRIVATE_HOSTS=[::1]:9000'],
    ['a.internal', 'Media.Internal.', '10.0.0.7', 80, 'add media.internal:80 to REVIDEO_PRIVATE_HOSTS'],
  ])('with REVIDEO_PRIVATE_HOSTS="%s" says what allows %s', (list, host, address, port, allow) => {
    expect(refusal(border(list), address, {host, port})).toContain(`(to allow it, ${allow})`);
    const entry = allow.replace(/^.*=|^add | to .*$/g, '');
    expect(refusal(border(`${list},${entry}`), address, {host, port})).toBeUndefined();
  });

  it("refuses this machine's own addresses, whatever they are", () => {
    const own = Object.values(networkInterfaces()).flatMap(
      (cards) => cards?.map(({address}) => address) ?? [],
    );
    expect(own).not.toEqual([]);
    for (const address of own) expect(refusal(border(), address)).toBeDefined();
  });

  it.each([
    ['media.internal', 'media.internal', '10.0.0.7', 80],
    ['Media.Internal', 'MEDIA.internal.', '10.0.0.7', 8080],
    ['media.internal:8080', 'media.internal', '10.0.0.7', 8080],
    ['10.0.0.0/8', 'other.internal', '10.9.9.9', 80],
    ['127.0.0.1:9000', '127.0.0.1', '127.0.0.1', 9000],
    ['127.0.0.1:9000', 'a.name.of.it', '::ffff:127.0.0.1', 9000],
    ['[::1]:9000', '::1', '::1', 9000],
    ['fd12::/16', 'v6.internal', 'fd12::7', 443],
    ['a.internal , 192.168.0.0/16', 'b.internal', '192.168.3.4', 80],
  ])('lets through what REVIDEO_PRIVATE_HOSTS=%s names: %s', (list, host, address, port) => {
    expect(refusal(border(list), address, {host, port})).toBeUndefined();
  });

  it.each([
    ['media.internal', 'other.media.internal', '10.0.0.7', 80],
    ['media.internal', 'media.internal.example', '10.0.0.7', 80],
    ['media.internal:8080', 'media.internal', '10.0.0.7', 80],
    ['10.0.0.0/8', 'a.internal', '11.0.0.1', 80],
    ['127.0.0.1:9000', '127.0.0.1', '127.0.0.1', 9001],
    ['127.0.0.1', 'localhost', '::1', 80],
  ])('refuses what REVIDEO_PRIVATE_HOSTS=%s does not name: %s', (list, host, address, port) => {
    const expected = address.startsWith('11.') ? undefined : expect.any(String);
    expect(refusal(border(list), address, {host, port})).toEqual(expected);
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
  ])('refuses metadata whoever names it: %s', (address) => {
    const named = border('0.0.0.0/0, ::/0, metadata.internal, 169.254.169.254');
    expect(refusal(named, address, {host: 'metadata.internal'})).toContain('credentials');
  });

  it.each([
    ['127.0.0.1:9001', '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1:9001', 'localhost', '::1'],
    ['127.0.0.1:9001', '0.0.0.0', '0.0.0.0'],
    ['10.0.0.9:9001', '10.0.0.9', '10.0.0.9'],
    ['runtime.internal:9001', 'Runtime.Internal.', '10.0.0.9'],
  ])('refuses the Runtime API at %s, whoever names it: %s', (runtimeApi, host, address) => {
    const named = border('0.0.0.0/0, ::/0, 127.0.0.1:9001, runtime.internal', {runtimeApi});
    expect(refusal(named, address, {host, port: 9001})).toContain('Runtime API');
    expect(refusal(named, address, {host, port: 9002})).toBeUndefined();
  });

  it.each(['http://a/', 'a b', 'a:0', 'a:65536', 'a:b', '10.0.0.0/33', '[::1', '*', 'a,,b/', '*.internal'])(
    'cannot read the list %j',
    (list) => expect(readPrivateHosts(list)).toBeUndefined(),
  );
});

/** A server on loopback that counts its connections. */
async function startCanary() {
  let reached = 0;
  const server = createServer((_, response) => void response.end('here'));
  server.on('connection', () => reached++);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {port: (server.address() as AddressInfo).port, reached: () => reached};
}

/** Knows each name by a public address when it is asked first, and by loopback from then on. */
function rebinding(): typeof lookup {
  const asked = new Set<string>();
  const resolve = (host: string, _: object, callback: (error: null, found: object[]) => void) => {
    const address = asked.has(host) ? '127.0.0.1' : '192.0.2.1';
    asked.add(host);
    callback(null, [{address, family: 4}]);
  };
  return resolve as unknown as typeof lookup;
}

describe('A name that means another address a moment later', () => {
  it('is looked at when the connection is made, by fetch', async () => {
    const {port, reached} = await startCanary();
    const resolve = rebinding();
    const {fetch, close} = borderFetch(border('192.0.2.0/24', {resolve}));
    onTestFinished(close);
    // The first lookup, by the earlier check.
    await new Promise<void>((done) => resolve('rebound.example', {all: true}, () => done()));
    const asked = fetch(new URL(`http://rebound.example:${port}/`), {});
    await expect(asked).rejects.toMatchObject({cause: {message: expect.stringContaining('this machine')}});
    expect(reached()).toBe(0);
  });

  it.each(['CONNECT', 'GET'])(
    'is looked at when the connection is made, by the proxy: %s',
    async (method) => {
      const {port, reached} = await startCanary();
      const resolve = rebinding();
      await new Promise<void>((done) => resolve('rebound.example', {all: true}, () => done()));
      await using proxy = await startProxy({border: border('', {resolve}), maxBytes: 1e6});
      const refused: RenderError[] = [];
      proxy.listeners.add((error) => refused.push(error));
      const socket = connect(Number(new URL(proxy.address).port), '127.0.0.1');
      const target =
        method === 'GET' ? `http://rebound.example:${port}/a?b=secret` : `rebound.example:${port}`;
      socket.end(`${method} ${target} HTTP/1.1\r\nHost: rebound.example\r\n\r\n`);
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'close');
      expect(refused).toMatchObject([
        {name: 'MediaFailed', message: expect.stringContaining(`rebound.example:${port}`)},
      ]);
      expect(refused[0]?.message).not.toContain('secret');
      expect(reached()).toBe(0);
    },
  );
});

describe('The proxy', () => {
  it.each(['GET', 'CONNECT'])('brings what may be brought: %s', async (method) => {
    const {port, reached} = await startCanary();
    await using proxy = await startProxy({border: border('127.0.0.1'), maxBytes: 1e6});
    const socket = connect(Number(new URL(proxy.address).port), '127.0.0.1');
    const request = `GET ${method === 'GET' ? `http://127.0.0.1:${port}` : ''}/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const start = method === 'GET' ? '' : `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n`;
    socket.write(start + request);
    let answer = '';
    for await (const bytes of socket) answer += String(bytes);
    expect(answer).toMatch(/here/);
    expect(reached()).toBe(1);
  });

  it.each([
    'GET /etc/passwd',
    'GET file:///etc/passwd',
    'GET ftp://a/',
    'CONNECT a',
    'CONNECT :80',
    'CONNECT /',
  ])('has nothing for %s', async (line) => {
    await using proxy = await startProxy({border: border('0.0.0.0/0'), maxBytes: 1e6});
    const socket = connect(Number(new URL(proxy.address).port), '127.0.0.1');
    socket.end(`${line} HTTP/1.1\r\nHost: a\r\n\r\n`);
    let answer = '';
    for await (const bytes of socket) answer += String(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 [45]\d\d /);
  });
});
