import {randomUUID} from 'node:crypto';
import {type Browser, type Page, TimeoutError} from 'puppeteer-core';
import {RenderError} from '../errors.ts';
import {hideSecrets} from '../hide-secrets.ts';
import type {BorderProxy} from '../network/proxy.ts';
import type {OnSceneLine} from '../scene-line.ts';
import {SceneLine} from '../scene-line.ts';
import {diedError, type Hide} from './browser-error.ts';
import type {MediaServer} from './media-server.ts';
import {type PagePlace, toPageError} from './page-error.ts';
import {type DocumentOrder, PageRequests} from './page-requests.ts';

/** Seconds in which a browser that is not hung opens a tab, and closes one. */
const TAB_SECONDS = 30;

/** Of what a page says the last lines are kept, and of each so many characters. */
const LAST_LINES = 5;
const LONGEST = 2_000;

/** A tab of the browser. Each piece of work gets a document of its own in it, and with it everything but the process. */
export interface Tab {
  page: Page;
  /** What its documents ask for by themselves. */
  requests: PageRequests;
  /** Pieces of work that were begun in it. */
  uses: number;
  /** What the page's console last said during this piece of work. */
  output: string[];
  /** The first error of this piece of work that nothing caught. */
  uncaught: Error | undefined;
  /** Called for every sign of life. */
  moved: () => void;
  onFrames: (drawn: number) => void;
  /** Called with each line that the project's code writes. */
  onLine: OnSceneLine;
}

/** Whether the page's code ran to its end. One that awaits something is still at it when its document is loaded. */
const RAN = 'import(document.getElementById("revideo-lambda").src).then(() => true, () => false)';

/**
 * Opens an empty tab.
 *
 * @throws `BrowserCrashed` if the browser does not do so within 30 seconds.
 */
export async function openTab(browser: Browser, server: MediaServer): Promise<Tab> {
  return inTime(open(browser, server), 'opened no tab');
}

async function open(browser: Browser, server: MediaServer): Promise<Tab> {
  const page = await browser.newPage();
  const requests = await PageRequests.watch(page, server);
  const tab: Tab = {
    page,
    requests,
    uses: 0,
    output: [],
    uncaught: undefined,
    moved: () => {},
    onFrames: () => {},
    onLine: () => {},
  };
  page.on('console', (message) => say(tab, message.text()));
  page.on('pageerror', (thrown) => {
    tab.uncaught ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    say(tab, tab.uncaught.message);
  });
  // A window of its own is nothing that a film needs, and nobody would close it.
  page.on('popup', (popup) => void popup?.close().catch(() => {}));
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
  await page.exposeFunction('signOfLife', () => tab.moved());
  await page.exposeFunction('reportLine', (line: unknown) => {
    const {data} = SceneLine.safeParse(line);
    if (data) tab.onLine(data);
  });
  await page.exposeFunction('reportFrames', (drawn: number) => tab.onFrames(drawn));
  return tab;
}

/** Chromium says so of each document with the policy that media-server.ts gives this page: it is no word of the project's. */
const OF_POLICY = 'An iframe which has both allow-scripts and allow-same-origin';

function say({output}: Tab, words: string): void {
  if (words.startsWith(OF_POLICY)) return;
  output.push(words.slice(0, LONGEST));
  if (output.length > LAST_LINES) output.shift();
}

/**
 * Closes a tab, whatever its page does.
 *
 * @throws `BrowserCrashed` if the browser does not do so within 30 seconds.
 */
export const closeTab = ({page}: Tab): Promise<void> => inTime(page.close(), 'closed no tab');

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const {promise: late, reject} = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`It had ${TAB_SECONDS} s.`)), TAB_SECONDS * 1000);
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    const why = hideSecrets(cause instanceof Error ? cause.message : String(cause));
    throw diedError(`The browser ${what}. ${why}`, cause);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Loads the page anew: of the work before nothing is left, in its variables or in what a browser stores for it.
 *
 * @param loadSeconds in which everything that the page asks for before it runs has to be there
 * @throws `SceneFailed` if the project's own code fails meanwhile, `RenderStalled` if it takes too long.
 */
export async function openProject(
  tab: Tab,
  {loadSeconds, ...place}: PagePlace & {loadSeconds: number},
  order: Omit<DocumentOrder, 'reader'>,
): Promise<Page> {
  const {page, output, requests} = tab;
  const {origin, page: address} = place.server;
  output.length = 0;
  const reader = randomUUID();
  requests.begin({...order, reader});
  // In a new tab too: what is stored belongs to the browser.
  const devtools = await page.createCDPSession();
  await devtools.send('Storage.clearDataForOrigin', {origin, storageTypes: 'all'});
  await devtools.detach();
  try {
    await page.goto(`${address}&reader=${reader}`, {waitUntil: 'load', timeout: loadSeconds * 1000});
  } catch (cause) {
    if (!(cause instanceof TimeoutError)) throw cause;
    const message = `The page was not loaded within ${loadSeconds} s: a style sheet or a font of the project that does not come, or a machine with too much to do. ${lastLines(output, place.hide)}`;
    throw new RenderError('RenderStalled', message, {cause});
  }
  if (await page.evaluate(RAN)) return page;
  const failed = "The project's own code failed when it was loaded";
  if (!tab.uncaught) throw new RenderError('SceneFailed', `${failed}. ${lastLines(output, place.hide)}`);
  const {message, stack} = tab.uncaught;
  throw await toPageError({kind: 'scene', message: `${failed}: ${message}`, ...(stack && {stack})}, place);
}

/**
 * Watches one piece of work: `died` rejects when page or browser die, when nothing moves, when the signal fires, and
 * when something that the page asks for by itself is refused. Pages that share a browser at that moment fail with it.
 */
export function watchPage(
  {page, output}: Tab,
  {
    browser,
    proxy,
    stallSeconds,
    signal,
    hide,
  }: {
    browser: Browser;
    proxy: BorderProxy;
    stallSeconds: number;
    signal: AbortSignal;
    hide: Hide;
  },
): {died: Promise<never>; fail: (error: RenderError) => void; moved: () => void; stop: () => void} {
  const {promise: died, reject} = Promise.withResolvers<never>();
  died.catch(() => {});
  const crash = () => reject(diedError(`The browser died. ${lastLines(output, hide)}`));
  const stall = () =>
    reject(
      new RenderError('RenderStalled', `Nothing was drawn for ${stallSeconds} s. ${lastLines(output, hide)}`),
    );
  const abort = () => reject(signal.reason);
  let timer = setTimeout(stall, stallSeconds * 1000);
  page.on('error', crash);
  browser.on('disconnected', crash);
  signal.addEventListener('abort', abort);
  proxy.listeners.add(reject);
  return {
    died,
    fail: reject,
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(stall, stallSeconds * 1000);
    },
    stop: () => {
      clearTimeout(timer);
      page.off('error', crash);
      browser.off('disconnected', crash);
      signal.removeEventListener('abort', abort);
      proxy.listeners.delete(reject);
    },
  };
}

function lastLines(output: string[], hide: Hide): string {
  const lines = hide(output.join('\n'));
  return lines ? `The page's last words:\n${lines}` : 'The page said nothing.';
}
