import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {cut, differences, openStage, shuffle} from '../../support/exact.ts';
import {makeMediaOf, PROJECTS} from '../../support/project-media.ts';

const FILES: Record<string, string> = {
  '/font.woff': 'text/public/sheet.woff',
  '/other.woff': 'text/public/late.woff',
  '/one.png': 'drawing/public/picture.png',
  '/two.png': 'drawing/public/second.png',
};

/** Milliseconds after which a request is answered. */
let delay: (path: string) => number = () => 0;

const server = createServer(async (request, response) => {
  const path = request.url ?? '';
  const name = FILES[path];
  const body = name ? await readFile(join(PROJECTS, name)) : JSON.stringify({x: 40});
  await new Promise((resolve) => setTimeout(resolve, delay(path)));
  response.writeHead(200, {'access-control-allow-origin': '*', 'cache-control': 'no-store'}).end(body);
});

describe('what comes late', {timeout: 120_000}, () => {
  let variables: {origin: string};
  let whole: string[];

  beforeAll(async () => {
    await makeMediaOf('text');
    await makeMediaOf('drawing');
    await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
    variables = {origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
    await using stage = openStage('slow', variables);
    whole = await stage.hashes([[0, (await stage.plan()).frames]]);
  });
  afterAll(() => new Promise<void>((done) => void server.close(() => done()).closeAllConnections()));

  test.each<{name: string; late: (path: string) => number}>([
    {name: 'one font after the other', late: (path) => ({'/font.woff': 200, '/other.woff': 600})[path] ?? 0},
    {name: 'everything', late: (path) => path.length * 40},
  ])('is in its frame all the same: $name', async ({late}) => {
    delay = late;
    await using stage = openStage('slow', variables);
    const {frames} = await stage.plan();
    expect(frames).toBe(whole.length);
    expect(differences(whole, await stage.hashes([[0, frames]])), 'from the start').toEqual([]);
    expect(differences(whole, await stage.hashes(shuffle(cut(frames, 5), 4))), 'in chunks').toEqual([]);
  });
});
