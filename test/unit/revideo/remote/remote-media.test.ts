import {randomBytes} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Border} from '../../../../src/base/network/border.ts';
import {type MediaServer, serveMedia} from '../../../../src/renderers/revideo/media-server.ts';
import {BLOCK} from '../../../../src/renderers/revideo/remote/block-store.ts';
import type {RemoteMediaOptions} from '../../../../src/renderers/revideo/remote/remote-media.ts';
import {LOOPBACK} from '../../../support/loopback.ts';
import {startOrigin} from '../../../support/origin.ts';
import {ownTemporaryDirectory, scratch} from '../../../support/processes.ts';

const BYTES = randomBytes(5 * BLOCK + 12_345);

async function open(options?: RemoteMediaOptions): Promise<MediaServer> {
  const folder = scratch();
  const server = await serveMedia(
    {folder, publicFolder: folder, hash: ''},
    {border: new Border({privateHosts: LOOPBACK}), ...options},
  );
  onTestFinished(() => server.close());
  return server;
}

const read = async (path: string, range?: string) => {
  const answer = await fetch(path, {headers: range ? {range} : {}});
  return {status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer())};
};

describe('the media server', () => {
  it.each([
    ['bytes=0-', 0, BYTES.length],
    ['bytes=100-199', 100, 200],
    [`bytes=${BLOCK - 5}-${3 * BLOCK + 5}`, BLOCK - 5, 3 * BLOCK + 6],
    ['bytes=-7', BYTES.length - 7, BYTES.length],
    [`bytes=${BYTES.length - 3}-${BYTES.length + 999}`, BYTES.length - 3, BYTES.length],
    [undefined, 0, BYTES.length],
  ])('gives %s of another server', async (range, start, end) => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    const {status, headers, bytes} = await read(path, range);
    expect(status).toBe(range ? 206 : 200);
    expect(headers.get('content-length')).toBe(String(end - start));
    expect(headers.get('content-type')).toBe('video/mp4');
    if (range) expect(headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${BYTES.length}`);
    expect(bytes.equals(BYTES.subarray(start, end))).toBe(true);
  });

  it('refuses a range that is not in the file', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    expect(await read(path, `bytes=${BYTES.length}-`)).toMatchObject({status: 416});
  });

  it('asks for a block once, whoever wants it, and for no other one', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES, etag: '"1"'}});
    const server = await open();
    const first = await server.locate(`${origin.address}/clip.mp4`);
    const range = `bytes=${3 * BLOCK}-${3 * BLOCK + 10}`;
    await Promise.all([read(first, range), read(first, range), read(first, range)]);
    const second = await server.locate(`${origin.address}/clip.mp4`);
    await read(second, range);
    const blocks = origin.requests.filter(({start, end}) => end - start > 1);
    expect(blocks).toEqual([
      {path: '/clip.mp4', start: 0, end: BLOCK},
      {path: '/clip.mp4', start: 3 * BLOCK, end: 4 * BLOCK},
    ]);
    // The second reader's question whether it still is the same file.
    expect(origin.requests).toHaveLength(3);
  });

  it.each([true, false])('reads what comes whole only once; it says its length: %s', async (saysLength) => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES, ranges: false, saysLength}});
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    const ranges = [`bytes=${4 * BLOCK}-`, 'bytes=0-9', `bytes=${BLOCK}-${2 * BLOCK}`];
    const answers = await Promise.all(ranges.map((range) => read(path, range)));
    expect(answers[0]?.bytes.equals(BYTES.subarray(4 * BLOCK))).toBe(true);
    expect(answers[1]?.bytes.equals(BYTES.subarray(0, 10))).toBe(true);
    expect(answers[2]?.bytes.equals(BYTES.subarray(BLOCK, 2 * BLOCK + 1))).toBe(true);
    await read(path, 'bytes=5-6');
    expect(origin.requests).toHaveLength(1);
  });

  it('keeps no more than it may, and fetches again what had to go', async () => {
    const temporary = ownTemporaryDirectory();
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const server = await open({cacheBytes: 2 * BLOCK});
    const path = await server.locate(`${origin.address}/clip.mp4`);
    for (let round = 0; round < 2; round++) expect((await read(path)).bytes.equals(BYTES)).toBe(true);
    const [folder = ''] = readdirSync(temporary);
    expect(readdirSync(join(temporary, folder)).length).toBeLessThanOrEqual(2);
    await server.close();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('ends what it is reading when it is closed, and leaves nothing', async () => {
    const temporary = ownTemporaryDirectory();
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const server = await open();
    const path = await server.locate(`${origin.address}/clip.mp4`);
    const reached = new Promise<void>((resolve) => {
      origin.disturb = () => {
        resolve();
        return true;
      };
    });
    const reading = expect(read(path)).rejects.toThrow();
    await reached;
    await server.close();
    await reading;
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('refuses what comes whole and is more than it may keep', async () => {
    const origin = await startOrigin({
      '/told.mp4': {bytes: BYTES, ranges: false},
      '/untold.mp4': {bytes: BYTES, ranges: false, saysLength: false},
    });
    const server = await open({cacheBytes: 2 * BLOCK});
    const reason = /told\.mp4 cannot be read: its server sends no ranges of it, .* more than the 2 MB/;
    await expect(server.locate(`${origin.address}/told.mp4`)).rejects.toThrow(reason);
    const untold = await read(await server.locate(`${origin.address}/untold.mp4`));
    expect(untold.status).toBe(502);
    expect(untold.bytes.toString()).toMatch(/^its server sends no ranges of it/);
  });

  it('shows a file that was replaced between two readers to the second', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES, etag: '"1"'}});
    const server = await open();
    await read(await server.locate(`${origin.address}/clip.mp4`));
    const other = randomBytes(BYTES.length);
    origin.files.set('/clip.mp4', {bytes: other, etag: '"2"'});
    const path = await server.locate(`${origin.address}/clip.mp4`);
    expect((await read(path)).bytes.equals(other)).toBe(true);
  });

  it.each([
    ['another length', {bytes: BYTES.subarray(0, -1)}],
    ['another ETag', {bytes: BYTES, etag: '"2"'}],
    ['no ranges any more', {bytes: BYTES, etag: '"1"', ranges: false}],
  ])('does not mix two files: %s', async (_, file) => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES, etag: '"1"'}});
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    origin.files.set('/clip.mp4', file);
    const {status, bytes} = await read(path, `bytes=${2 * BLOCK}-`);
    expect(status).toBe(502);
    expect(bytes.toString()).toBe('it was replaced by another file while it was read');
  });

  it('serves nobody who does not know its key, and only what the web has', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    const key = path.split('/')[5] ?? '';
    expect(
      await read(
        path.replace(
          key,
          key.replace(/^./, (c) => (c === '0' ? '1' : '0')),
        ),
      ),
    ).toMatchObject({
      status: 404,
    });
    const elsewhere = path.replace(/[^/]*$/, encodeURIComponent('file:///etc/passwd'));
    expect(await read(elsewhere)).toMatchObject({status: 400});
    expect(await read(path.replace(/[^/]*$/, '%E0%A4%A'))).toMatchObject({status: 400});
  });

  it('goes on where an answer broke off', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const breaking = new Set(['bytes=0-1048575', 'bytes=2097152-3145727']);
    origin.disturb = ({headers}, response) => {
      if (!breaking.delete(headers.range ?? '')) return false;
      const first = Number(/\d+/.exec(headers.range ?? ''));
      const range = `bytes ${first}-${first + BLOCK - 1}/${BYTES.length}`;
      response.writeHead(206, {'content-range': range, 'content-length': BLOCK});
      response.write(BYTES.subarray(first, first + 1000), () => response.destroy());
      return true;
    };
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    expect((await read(path)).bytes.equals(BYTES)).toBe(true);
    expect(breaking.size).toBe(0);
  });

  it('tries again while a server is busy, follows it elsewhere, and logs in', async () => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    const asked: (string | undefined)[] = [];
    origin.disturb = ({url, headers}, response) => {
      asked.push(headers.authorization);
      if (asked.length === 1) response.writeHead(503).end();
      else if (url === '/moved') response.writeHead(302, {location: '/clip.mp4'}).end();
      return response.headersSent;
    };
    const address = `${origin.address}/moved`.replace('//', '//me:pass%20word@');
    const path = await (await open()).locate(address);
    expect((await read(path, 'bytes=3-9')).bytes.equals(BYTES.subarray(3, 10))).toBe(true);
    expect(asked).toEqual(Array(3).fill(`Basic ${Buffer.from('me:pass word').toString('base64')}`));
  });
});
