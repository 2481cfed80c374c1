import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {beforeAll, describe, expect, it} from 'vitest';
import {openBoxFilm} from '../../../support/box-film.ts';
import {startOrigin} from '../../../support/origin.ts';

/** `host:port` of a server that has closed. */
let host = '';
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
});

describe('What a scene fetches by itself', {timeout: 120_000}, () => {
  it.each([
    [
      'fetch',
      `await fetch('http://HOST/voice?key=secret');`,
      `http://HOST/voice?… cannot be fetched: the connection was refused.`,
    ],
    [
      'fetch of a Request',
      `await fetch(new Request('http://HOST/voice?key=secret'));`,
      `http://HOST/voice?… cannot be fetched: the connection was refused.`,
    ],
    [
      'fetch that sends something',
      `await fetch('http://HOST/voice?key=secret', {method: 'POST', body: '{}'});`,
      `http://HOST/voice?… cannot be fetched: no answer, or one without the CORS header Access-Control-Allow-Origin.`,
    ],
    [
      'XMLHttpRequest',
      `await new Promise((resolve, reject) => {
         const request = new XMLHttpRequest();
         request.open('GET', 'http://HOST/voice?key=secret');
         request.onload = resolve;
         request.onerror = () => reject(new Error('Network Error'));
         request.send();
       });`,
      `Network Error http://HOST/voice?… cannot be fetched: the connection was refused.`,
    ],
  ])('is named with the reason when it fails: %s', async (_, run, message) => {
    const drawn = openBoxFilm().chunk(run.replace('HOST', host));
    await expect(drawn).rejects.toMatchObject({
      name: 'SceneFailed',
      message: expect.stringContaining(message.replace('HOST', host)),
    });
    await expect(drawn).rejects.not.toThrow('secret');
  });

  it('is named when its server allows no other page', async () => {
    const origin = await startOrigin({'/voice.json': {bytes: Buffer.from('{}'), type: 'application/json'}});
    await expect(openBoxFilm().chunk(`await fetch('${origin.address}/voice.json');`)).rejects.toThrow(
      `${origin.address}/voice.json cannot be fetched: its server does not allow it: the answer has no CORS header Access-Control-Allow-Origin.`,
    );
  });

  it('is named when it is out of bounds', async () => {
    const drawn = openBoxFilm({privateHosts: []}).chunk(`await fetch('http://${host}/voice');`);
    await expect(drawn).rejects.toThrow(/127\.0\.0\.1:\d+\b.* that REVIDEO_PRIVATE_HOSTS does not name/);
  });

  it('reaches a project that expects it to fail, which goes on', async () => {
    await openBoxFilm().chunk(`const failed = await fetch('http://${host}/voice').catch((error) => error);
      if (!(failed instanceof TypeError)) throw new Error('none');`);
  });

  it('is a picture that needs no CORS header: new Image()', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2"/></svg>';
    const origin = await startOrigin({'/a.svg': {bytes: Buffer.from(svg), type: 'image/svg+xml'}});
    const {media} = await openBoxFilm().chunk(`const picture = new Image();
      picture.src = '${origin.address}/a.svg';
      await picture.decode();
      if (picture.src !== '${origin.address}/a.svg') throw new Error(picture.src);
      const context = document.createElement('canvas').getContext('2d');
      context.drawImage(picture, 0, 0);
      context.getImageData(0, 0, 1, 1);`);
    expect(media).toEqual([expect.objectContaining({name: `${origin.address}/a.svg`})]);
  });

  it('is a script of another server, which counts as seen', async () => {
    const origin = await startOrigin({
      '/tool.js': {bytes: Buffer.from('export const answer = 42;'), type: 'text/javascript'},
    });
    const {media} = await openBoxFilm().chunk(
      `const {answer} = await import('${origin.address}/tool.js'); if (answer !== 42) throw new Error('none');`,
    );
    expect(media).toEqual([expect.objectContaining({name: `${origin.address}/tool.js`})]);
    const missing = openBoxFilm().chunk(`await import('${origin.address}/none.js');`);
    await expect(missing).rejects.toThrow(`${origin.address}/none.js cannot be read: the server says 404.`);
  });
});
