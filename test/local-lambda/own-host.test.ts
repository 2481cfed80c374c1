import {request} from 'node:http';
import {json} from 'node:stream/consumers';
import {expect, it, test} from 'vitest';
import {isOwnHost} from '../../local-lambda/own-host.ts';
import {fixture, serve} from './support.ts';

/** What the service answers to a request that gives it another name. */
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
