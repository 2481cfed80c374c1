import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Browser, launch, type Page} from 'puppeteer-core';
import {afterAll, beforeAll} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import {findBrowser} from '../../src/renderers/revideo/browser.ts';

/** The console lines and requests of a page since it was opened. */
export interface Opened {
  page: Page;
  /** Errors, of the console and uncaught. */
  errors: string[];
  /** Addresses it asked for, but its own and what the browser has in itself. */
  requests: string[];
}

/** A browser as people have one, for a test file. */
export function ordinaryBrowser(): {open: (url: string) => Promise<Opened>} {
  let browser: Browser;
  let profile = '';
  beforeAll(async () => {
    const program = await findBrowser(readConfig().cache);
    profile = await mkdtemp(join(tmpdir(), 'browser-test-'));
    browser = await launch({
      ...{executablePath: program.path, headless: 'shell', pipe: true, userDataDir: profile},
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      env: {...process.env, ...program.environment},
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(profile, {recursive: true, force: true, maxRetries: 5});
  });
  return {
    async open(url) {
      const page = await browser.newPage();
      const opened: Opened = {page, errors: [], requests: []};
      page.on('console', (message) => message.type() === 'error' && opened.errors.push(message.text()));
      page.on('pageerror', (error) => opened.errors.push(String(error)));
      page.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:')) opened.requests.push(request.url());
      });
      await page.goto(url);
      return opened;
    },
  };
}

/** How far a page is wider than its window, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
