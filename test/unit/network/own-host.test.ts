import {mkdirSync, writeFileSync} from 'node:fs';
import {type IncomingHttpHeaders, request} from 'node:http';
import {join} from 'node:path';
import {json} from 'node:stream/consumers';
import {expect, it, onTestFinished, test} from 'vitest';
import {RuntimeApi} from '../../../local-lambda/runtime-api.ts';
import {Border} from '../../../src/base/network/border.ts';
import {isOwnHost, websiteRefusal} from '../../../src/base/network/own-host.ts';
import {startProxy} from '../../../src/base/network/proxy.ts';
import {serveMedia} from '../../../src/renderers/revideo/media-server.ts';
import {fixture, serve} from '../../support/local-lambda.ts';
import {scratch} from '../../support/processes.ts';

/** The service's answer to a request with another name. */
const ask = (url: string, {path, host}: {path: string; host: string}) =>
  new Promise<{status: number | undefined; answer: unknown}>((resolve, reject) => {
    request(url + path, {headers: {host}}, (answer) => {
      json(answer).then((value) => resolve({status: answer.statusCode, answer: value}), reject);
    })
      .on('error', reject)
      .end();
  });

test('a name of another site that is made to lead here is shown nothing, whatever it asks for', async () => {
  const page = (app: {get: (path: string, answer: () => object) => unknown}) =>
    void app.get('/page', () => ({shown: true}));
  const {url} = await serve(fixture('echo.ts'), {page});
  const {port} = new URL(url);
  const foreign = {status: 403, answer: expect.objectContaining({Message: expect.stringContaining('name')})};
  for (const path of ['/2015-03-31/functions/subject/configuration', '/page', '/nothing'])
    expect(await ask(url, {path, host: `evil.example:${port}`})).toEqual(foreign);
  expect(await ask(url, {path: '/page', host: `localhost:${port}`})).toEqual({
    status: 200,
    answer: {shown: true},
  });
});

it.each<[string | undefined, string, boolean]>([
  ['127.0.0.1:9001', '127.0.0.1', true],
  ['LOCALHOST:9001', '127.0.0.1', true],
  ['[::1]:9001', '::1', true],
  ['films.internal:9001', 'films.internal', true],
  ['[fe80::1]:9001', 'fe80::1', true],
  ['192.168.1.7:9001', '0.0.0.0', true],
  ['192.168.1.7:9001', '127.0.0.1', false],
  ['evil.example:9001', '0.0.0.0', false],
  ['127.0.0.1:9002', '127.0.0.1', true],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1.evil.example:9001', '127.0.0.1', false],
  ['', '127.0.0.1', false],
  [undefined, '127.0.0.1', false],
])('takes %s for a name of what listens on %s: %s', (host, listening, own) => {
  expect(isOwnHost(host, listening)).toBe(own);
});

const own = 'http://127.0.0.1:9001';
const host = '127.0.0.1:9001';
it.each<[what: string, headers: IncomingHttpHeaders, program: boolean, page: boolean]>([
  ['a program', {host}, true, true],
  ['a page of its own', {host, origin: own, 'sec-fetch-site': 'same-origin'}, false, true],
  ['an address that is typed', {host, 'sec-fetch-site': 'none'}, false, true],
  [
    'a page of another port',
    {host, origin: 'http://127.0.0.1:9002', 'sec-fetch-site': 'same-site'},
    false,
    false,
  ],
  ['another site, whose name leads here', {host: 'evil.example:9001'}, false, false],
  ['a script of another site', {host, 'sec-fetch-site': 'cross-site'}, false, false],
  ['a form of another site', {host, origin: 'https://evil.example'}, false, false],
  ['a page of no site', {host, origin: 'null'}, false, false],
  ['nobody', {}, false, false],
])('%s', (_what, headers, program, page) => {
  expect(websiteRefusal(headers) === undefined).toBe(program);
  expect(websiteRefusal(headers, own) === undefined).toBe(page);
});

/** The headers that websites can send: a name that leads here, and those of a script or a form. */
const WEBSITES: Record<string, string>[] = [
  {host: 'evil.example'},
  {origin: 'https://evil.example'},
  {'sec-fetch-site': 'cross-site'},
];

/** The status of an answer to `GET`, at once or not at all. */
const get = (url: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(url, {headers, timeout: 5_000}, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .on('timeout', () => reject(new Error('No answer.')))
      .end();
  });

test('no website takes an event from the Runtime API', async () => {
  const api = await RuntimeApi.start();
  onTestFinished(() => api.close());
  const next = `http://${api.address}/2018-06-01/runtime/invocation/next`;
  for (const headers of WEBSITES) expect(await get(next, headers)).toBe(403);
});

test('no website is shown a project by the media server', async () => {
  const folder = scratch();
  const shared = join(folder, 'public');
  mkdirSync(shared);
  for (const file of ['index.html', 'public/secret.png']) writeFileSync(join(folder, file), 'secret');
  const server = await serveMedia({folder, publicFolder: shared, hash: ''});
  onTestFinished(() => server.close());
  for (const address of [server.page, `${server.origin}/secret.png`]) {
    for (const headers of WEBSITES) expect(await get(address, headers)).toBe(403);
    expect(await get(address, {'sec-fetch-site': 'same-origin'})).toBe(200);
  }
});

test('no website goes through the proxy: what a browser asks of a port names no other host', async () => {
  const proxy = await startProxy({border: new Border({}), maxBytes: 1e6});
  onTestFinished(() => proxy.close());
  for (const headers of WEBSITES) expect(await get(`${proxy.address}/`, headers)).toBe(400);
});
