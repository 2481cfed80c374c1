import {statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {describe, expect, it} from 'vitest';
import type {Trace} from '../../../src/model/trace.ts';
import {reportHtml} from '../../../src/observers/report/report-html.ts';
import {ordinaryBrowser, overflow} from '../../support/open-page.ts';
import {scratch} from '../../support/processes.ts';
import {makeTrace} from '../../support/traces.ts';

const browser = ordinaryBrowser();

const HOSTILE = `</script></style></pre><img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>'"&\u0000\u202e`;

/** Writes a report as it lies in a directory, and opens it. */
async function openReport(...parts: Parameters<typeof reportHtml>) {
  const path = join(scratch(), 'report.html');
  writeFileSync(path, reportHtml(...parts));
  return {...(await browser.open(pathToFileURL(path).href)), bytes: statSync(path).size};
}

const film = {bucket: 'films', key: 'renders/summer-film.mp4', href: '../../renders/summer-film.mp4'};

describe('A report', () => {
  it.each([1, 25, 200, 1000])(
    'of %i chunks fits on a phone and on a desk, dark and light, and asks for nothing',
    async (chunks) => {
      const {page, errors, requests, bytes} = await openReport({traces: [makeTrace({chunks})], film});
      for (const scheme of ['light', 'dark']) {
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        for (const width of [320, 1280]) {
          await page.setViewport({width, height: 800});
          expect(await overflow(page)).toBeLessThanOrEqual(0);
        }
      }
      const high = await page.$eval('.plot', (plot) => plot.getBoundingClientRect().height);
      expect(high).toBeLessThan(800);
      expect({errors, requests}).toEqual({errors: [], requests: []});
      expect(bytes).toBeLessThan(chunks <= 25 ? 100_000 : 1_000_000);
    },
  );

  it.each([
    [1080, 1920],
    [1920, 1080],
    [320, 90],
  ])('shows a film of %i x %i in its own shape, on a phone and on a desk', async (width, height) => {
    const trace = makeTrace({chunks: 4});
    const traces = [{...trace, film: trace.film && {...trace.film, size: {width, height}}}];
    const {page} = await openReport({traces, film});
    for (const wide of [320, 1280]) {
      await page.setViewport({width: wide, height: 800});
      const box = await page.$eval('video', (video) => video.getBoundingClientRect().toJSON() as DOMRect);
      expect(box.width / box.height).toBeCloseTo(width / height, 1);
      expect(box.height).toBeLessThanOrEqual(560);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it('says all that its traces say, also of a job that was handed over', async () => {
    const first: Trace = {...makeTrace({chunks: 25, room: 6}), outcome: 'handedOver'};
    const second = makeTrace({chunks: 25, run: 2, began: first.began + first.ended + 3_000});
    const {page} = await openReport({traces: [first, second], film});
    await page.$eval('details', (details) => {
      details.open = true;
    });
    const text = await page.$eval('body', (body) => body.innerText);
    for (const {attempts, version, engine, cost} of [first, second]) {
      for (const said of [version, engine, cost?.prices.region, cost?.prices.date])
        expect(text).toContain(said);
      for (const {error} of attempts) {
        if (error) expect(text).toContain(error.errorMessage);
      }
    }
    const rows = await page.$$eval('.figures tbody tr', (all) => all.map((row) => row.innerText));
    const attempts = [first, second].flatMap(({run, attempts}) =>
      attempts.map((attempt) => ({run, ...attempt})),
    );
    expect(rows).toHaveLength(attempts.length);
    for (const [index, {run, chunk, attempt, start, end, outcome}] of attempts.entries()) {
      expect(rows[index]?.split('\t').slice(0, 4)).toEqual([
        `${run}`,
        `${chunk + 1}`,
        `${attempt}`,
        `${start}–${end - 1}`,
      ]);
      expect(rows[index]).toContain(outcome);
    }
    for (const said of [
      'Handed over',
      '"message": "hi"',
      'renders/summer-film.mp4',
      'revideo-lambda open summer-film',
    ])
      expect(text.toLowerCase()).toContain(said.toLowerCase());
  });

  it('can be passed on: of addresses in its event it shows no signature and no password', () => {
    const clip = 'https://me:word@media.example/clip.mp4?X-Amz-Signature=5ec3e7';
    const request = {jobType: 'fullRender', variables: {clips: [{src: clip}], message: `see ${clip}.`}};
    const page = reportHtml({traces: [makeTrace({chunks: 1, request})]});
    expect(page).toContain('https://media.example/clip.mp4?…');
    expect(page).not.toMatch(/5ec3e7|word@/);
  });

  it('shows what is hostile as the text it is', async () => {
    const trace = makeTrace({chunks: 6, jobId: 'x', request: {variables: {[HOSTILE]: HOSTILE}}});
    const error = {errorType: HOSTILE, errorMessage: HOSTILE};
    const attempts = trace.attempts.map((attempt) => (attempt.error ? {...attempt, error} : attempt));
    const hostile: Trace = {
      ...trace,
      ...{jobId: HOSTILE, version: HOSTILE, engine: HOSTILE, attempts, error, outcome: 'failed'},
    };
    const {page, errors, requests} = await openReport({
      traces: [hostile],
      film: {bucket: HOSTILE, key: HOSTILE},
    });
    const found = await page.evaluate(() => ({
      hacked: 'hacked' in window,
      foreign: document.querySelectorAll('script, img, [onerror]').length,
      title: document.querySelector('h1')?.textContent,
      message: document.querySelector('.trouble .said')?.textContent,
    }));
    // Characters that HTML does not allow, and those that change the text's direction, are replaced.
    const shown = HOSTILE.replace('\u0000', '\ufffd').replace('\u202e', '\ufffd');
    expect(found).toEqual({hacked: false, foreign: 0, title: shown, message: shown});
    expect({errors, requests}).toEqual({errors: [], requests: []});
  });
});
