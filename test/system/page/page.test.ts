import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, test, vi} from 'vitest';
import {reportKey} from '../../../src/model/keys.ts';
import {startCli} from '../../support/cli.ts';
import {ordinaryBrowser, overflow} from '../../support/open-page.ts';
import {scratch} from '../../support/processes.ts';

vi.setConfig({testTimeout: 120_000});
const browser = ordinaryBrowser();
let storage = '';
beforeEach(() => {
  storage = scratch();
});

/** Starts the service over the sample project; gives its address. */
async function serve() {
  const args = [
    '--port',
    '0',
    '--project',
    'test/projects/shapes',
    '--storage',
    storage,
    '--concurrency',
    '3',
  ];
  const cli = startCli(['serve', ...args]);
  await cli.says(/Ctrl\+C ends it/);
  const url = /listens on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(cli.stderr())?.[1] ?? '';
  const stop = async () => {
    cli.signal('SIGINT', 'group');
    expect(await cli.ended).toMatchObject({code: 0});
  };
  return {url, stop};
}

test('a film is asked for, watched, played and found again', async () => {
  const {url, stop} = await serve();
  const {page, errors, requests} = await browser.open(`${url}/`);
  const message = await page.waitForSelector('textarea[name=message]', {timeout: 60_000});
  const before = await message?.evaluate((field) => field.value);
  expect(before).toBe('Hello World!');
  await message?.evaluate((field) => {
    field.value = 'hi from the page';
  });
  await page.click('#start');
  await page.waitForFunction(() => document.querySelectorAll('#cells li').length > 0, {timeout: 60_000});
  await page.waitForSelector('video', {timeout: 60_000});
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2, {
    timeout: 30_000,
  });
  const cells = await page.$$eval('#cells li', (all) => all.map(({className}) => className));
  expect(new Set(cells)).toEqual(new Set(['done']));
  const film = await page.$eval('video', ({duration, videoWidth, src}) => ({duration, videoWidth, src}));
  expect(film.duration).toBeCloseTo(61 / 30, 1);
  const jobId = await page.$eval('#job-title', (title) => title.textContent ?? '');
  expect(film.src).toBe(`${url}/files/renders/${jobId}.mp4`);

  // Only what differs from the project's own is asked for.
  const range = await fetch(film.src, {headers: {Range: 'bytes=0-3'}});
  expect({status: range.status, bytes: (await range.arrayBuffer()).byteLength}).toEqual({
    status: 206,
    bytes: 4,
  });

  await page.reload();
  await page.waitForSelector('video');
  const report = await page.waitForSelector('#jobs li a[target=_blank]');
  const href = await report?.evaluate((link) => (link as HTMLAnchorElement).href);
  expect(href).toBe(`${url}/files/${reportKey(jobId)}`);
  for (const width of [320, 1280]) {
    await page.setViewport({width, height: 800});
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
  expect(errors).toEqual([]);
  expect(requests.filter((address) => !address.startsWith(url))).toEqual([]);

  const opened = await browser.open(href ?? '');
  expect(await opened.page.$eval('h1', (title) => title.textContent)).toBe(jobId);
  await opened.page.$eval('video', (video) => video.load());
  await opened.page.$eval('video', (video) => {
    video.preload = 'auto';
  });
  await opened.page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 1);
  expect(opened.errors).toEqual([]);
  await stop();
});

test('what lies beside a film runs nothing, and a broken address shows the page all the same', async () => {
  const {url, stop} = await serve();
  mkdirSync(join(storage, 'renders'));
  const script = 'document.title = "ran"; fetch("/page/jobs");';
  writeFileSync(
    join(storage, 'renders/x.html'),
    '<script src="x.js"></script><script>document.title = "ran"</script>',
  );
  writeFileSync(join(storage, 'renders/x.js'), script);
  writeFileSync(
    join(storage, 'renders/x.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg"><script>${script}</script></svg>`,
  );
  for (const name of ['x.html', 'x.js', 'x.svg']) {
    const {headers} = await fetch(`${url}/files/renders/${name}`);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe('attachment');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  }
  const {page, errors} = await browser.open(`${url}/#%`);
  await page.waitForFunction(() => document.getElementById('project')?.textContent !== '', {timeout: 60_000});
  expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
  const post = (body: string, type = 'application/json') =>
    fetch(`${url}/page/jobs`, {method: 'POST', body, headers: {'Content-Type': type, Origin: url}});
  const garbled = await post('{');
  expect(garbled.status).toBe(400);
  expect(await garbled.json()).toMatchObject({errorType: 'BadEvent'});
  const large = await post(JSON.stringify({variables: {text: 'x'.repeat(2_000_000)}}));
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({
    errorType: 'BadEvent',
    errorMessage: expect.stringContaining('too large'),
  });
  await stop();
});

test('it gives away nothing but films and reports, and takes nothing from other sites', async () => {
  const {url, stop} = await serve();
  writeFileSync(join(storage, 'secret.txt'), 'secret');
  const status = async (path: string, init?: RequestInit) => (await fetch(`${url}${path}`, init)).status;
  for (const path of [
    '/files/renders/%2e%2e/secret.txt',
    '/files/renders/..%2fsecret.txt',
    '/files/secret.txt',
  ])
    expect(await status(path)).toBe(404);
  expect(await status('/files/jobs/..%2f../report.html')).toBe(404);
  const event = {method: 'POST', body: '{}', headers: {'Content-Type': 'application/json'}};
  expect(await status('/page/jobs', event)).toBe(403);
  expect(await status('/page/jobs/X/cancel', event)).toBe(403);
  const foreign = {...event.headers, Origin: 'https://example.com'};
  expect(await status('/page/jobs', {...event, headers: foreign})).toBe(403);
  const invoke = '/2015-03-31/functions/revideo-render/invocations';
  expect(await status(invoke, {...event, headers: foreign})).toBe(403);
  // The page's own pages may not use Lambda's API either.
  expect(await status(invoke, {...event, headers: {...event.headers, Origin: url}})).toBe(403);
  const own = {...event.headers, Origin: url};
  const refused = await fetch(`${url}/page/jobs`, {...event, headers: own, body: '{"numWorkers": 0}'});
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    errorType: 'BadEvent',
    errorMessage: expect.stringContaining('numWorkers is 0'),
  });
  // It gets as far as the job, which does not exist.
  const unknown = await fetch(`${url}/page/jobs/X/cancel`, {...event, headers: own});
  expect(await unknown.json()).toMatchObject({errorType: 'JobUnknown'});
  const {headers} = await fetch(`${url}/`);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
  await stop();
});
