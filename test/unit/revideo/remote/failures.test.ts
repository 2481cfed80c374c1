import {createServer} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Border} from '../../../../src/base/network/border.ts';
import {serveMedia} from '../../../../src/renderers/revideo/media-server.ts';
import {BLOCK} from '../../../../src/renderers/revideo/remote/block-store.ts';
import {LOOPBACK} from '../../../support/loopback.ts';
import {type Origin, startOrigin} from '../../../support/origin.ts';
import {scratch} from '../../../support/processes.ts';

const BYTES = Buffer.alloc(3 * BLOCK, 'clip');

const open = async () => {
  const folder = scratch();
  const server = await serveMedia(
    {folder, publicFolder: folder, hash: ''},
    {timeoutSeconds: 2, border: new Border({privateHosts: LOOPBACK})},
  );
  onTestFinished(() => server.close());
  return server;
};

/** The address of a server that is not there any more. */
async function gone(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as {port: number}).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const disturbances: [name: string, disturb: Origin['disturb'], reason: string][] = [
  ['status 403', (_, response) => !!response.writeHead(403).end('<Error/>'), 'the server says 403'],
  ['status 404', (_, response) => !!response.writeHead(404).end(), 'the server says 404'],
  ['status 500', (_, response) => !!response.writeHead(500).end(), 'the server says 500'],
  ['no answer', () => true, 'its server has said nothing for 2 s'],
  [
    'a page',
    (_, response) => !!response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<html>'),
    'its server has sent a web page (text/html)',
  ],
  [
    'half an answer',
    (_, response) => !!response.writeHead(200, {'content-length': 99}).write('half'),
    'its server has said nothing for 2 s',
  ],
  [
    'another range',
    (_, response) => !!response.writeHead(206, {'content-range': 'bytes 7-9/10'}).end('abc'),
    'its server answers a request for a range with "bytes 7-9/10"',
  ],
  [
    'a break',
    (_, response) => {
      response.writeHead(206, {'content-range': 'bytes 0-98/99', 'content-length': 99});
      response.write('half', () => response.destroy());
      return true;
    },
    'the connection broke',
  ],
];

describe('a remote medium that cannot be read', () => {
  it.each(disturbances)(
    'is named, with the reason and without its signature: %s',
    async (_, disturb, reason) => {
      const origin = await startOrigin();
      origin.disturb = disturb;
      const server = await open();
      const located = server
        .locate(`${origin.address}/clip.mp4?signature=secret`)
        // The beginning of a whole download may be there.
        .then(async (path) => {
          throw Object.assign(
            new Error(`${origin.address}/clip.mp4?… cannot be read: ${await told(path)}.`),
            {
              name: 'MediaFailed',
            },
          );
        });
      await expect(located).rejects.toMatchObject({
        name: 'MediaFailed',
        message: `${origin.address}/clip.mp4?… cannot be read: ${reason}.`,
      });
    },
  );

  it('is named where nobody listens', async () => {
    const address = await gone();
    const located = (await open()).locate(`${address}/clip.mp4`);
    await expect(located).rejects.toThrow(`${address}/clip.mp4 cannot be read: the connection was refused.`);
  });

  it('is named where there is no such server', async () => {
    const located = (await open()).locate('http://nowhere.invalid/clip.mp4');
    await expect(located).rejects.toThrow(/^http:\/\/nowhere\.invalid\/clip\.mp4 cannot be read: /);
  });

  it.each([true, false])('says why it breaks off, and goes on saying it; ranges: %s', async (ranges) => {
    const origin = await startOrigin({'/clip.mp4': {bytes: BYTES}});
    origin.disturb = ({headers}, response) => {
      if (ranges && headers.range?.startsWith('bytes=0-')) return false;
      const range = ranges
        ? {'content-range': `bytes ${BLOCK}-${2 * BLOCK - 1}/${BYTES.length}`}
        : {'content-length': BYTES.length};
      response
        .writeHead(ranges ? 206 : 200, range)
        .write(BYTES.subarray(0, (ranges ? 0 : BLOCK) + BLOCK / 2));
      return true;
    };
    const path = await (await open()).locate(`${origin.address}/clip.mp4`);
    const broken = fetch(path, {headers: {range: 'bytes=0-'}}).then((answer) => answer.bytes());
    await expect(broken).rejects.toThrow('terminated');
    expect(await told(path)).toBe('its server has said nothing for 2 s');
  });
});

async function told(path: string): Promise<string> {
  const answer = await fetch(path, {headers: {range: 'bytes=0-0'}});
  expect(answer.status).toBe(502);
  return answer.text();
}
