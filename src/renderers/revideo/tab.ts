import type {Browser, BrowserContext, CDPSession, Page} from 'puppeteer-core';
import {hideSecrets} from '../../base/hide-secrets.ts';
import {type BorderProxy, type ProxyOptions, startProxy} from '../../base/network/proxy.ts';
import {type OnSceneLine, SceneLine} from '../../model/scene-line.ts';
import {diedError} from './browser-error.ts';
import type {MediaServer} from './media-server.ts';
import {PageRequests} from './page-requests.ts';
import {openContext} from './start-browser.ts';

/** Seconds in which a browser that is not hung opens a tab, and closes one. */
const TAB_SECONDS = 30;
/** Seconds in which a document is left: one that takes longer is at something endless. */
const LEAVE_SECONDS = 5;

/** How many last lines of a page's output are kept, and how many characters of each. */
const LAST_LINES = 5;
const LONGEST = 2_000;

/**
 * A tab of the browser, with storage and a way to the network of its own. Each task gets its own document in
 * it, and shares only the process.
 */
export interface Tab {
  page: Page;
  context: BrowserContext;
  devtools: CDPSession;
  /** The only way out of it. */
  proxy: BorderProxy;
  /** Whether it ever had a frame, a window or a worker beside its page: these keep what `leaveDocument` does not know. */
  hadOthers: boolean;
  /** The requests that its documents make by themselves. */
  requests: PageRequests;
  /** Tasks that were begun in it. */
  uses: number;
  /** The last lines of the page's console during this task. */
  output: string[];
  /** The first uncaught error of this task. */
  uncaught: Error | undefined;
  /** Called for every heartbeat. */
  moved: () => void;
  onFrames: (drawn: number) => void;
  /** Called with each finished segment, before the page goes on. */
  onSegment: (segment: unknown) => void;
  /** Called with each line that the project's code writes. */
  onLine: OnSceneLine;
}

/** Runs in each document before its own code: these belong to the tab, and outlive a document. */
const AS_NEW = "if (window === top) { try { sessionStorage.clear(); } catch {} name = ''; }";

/** Where a tab is opened. */
export interface TabContext extends ProxyOptions {
  server: MediaServer;
}

/**
 * Opens an empty tab.
 *
 * @throws `BrowserCrashed` if the browser does not do so within 30 seconds.
 */
export async function openTab(browser: Browser, place: TabContext): Promise<Tab> {
  const proxy = await startProxy(place);
  try {
    return await inTime(open(browser, {proxy, server: place.server}), 'opened no tab', {browser});
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

async function open(
  browser: Browser,
  {proxy, server}: {proxy: BorderProxy; server: MediaServer},
): Promise<Tab> {
  const {host} = new URL(server.origin);
  const context = await openContext(browser, {proxy: proxy.address, server: host});
  const page = await context.newPage();
  const requests = await PageRequests.watch(page, server);
  const devtools = await page.createCDPSession();
  await page.evaluateOnNewDocument(AS_NEW);
  const tab: Tab = {
    page,
    context,
    devtools,
    proxy,
    requests,
    hadOthers: false,
    uses: 0,
    output: [],
    uncaught: undefined,
    moved: () => {},
    onFrames: () => {},
    onSegment: () => {},
    onLine: () => {},
  };
  const other = () => {
    tab.hadOthers = true;
  };
  page.on('frameattached', other);
  context.on('targetcreated', other);
  page.on('console', (message) => say(tab, message.text()));
  page.on('pageerror', (thrown) => {
    tab.uncaught ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    say(tab, tab.uncaught.message);
  });
  // A film does not need new windows, and nothing would close them.
  page.on('popup', (popup) => void popup?.close().catch(() => {}));
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
  await page.exposeFunction('signOfLife', () => tab.moved());
  await page.exposeFunction('reportLine', (line: unknown) => {
    const {data} = SceneLine.safeParse(line);
    if (data) tab.onLine(data);
  });
  await page.exposeFunction('reportFrames', (drawn: number) => tab.onFrames(drawn));
  await page.exposeFunction('reportSegment', (segment: unknown) => tab.onSegment(segment));
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
 * Ends a task in its tab and removes its document with everything that the browser has stored for it. Call it
 * before anything is watched for the next task.
 *
 * @returns whether the tab is as a new one. It is not if the document has sent requests to other servers by
 * itself. A browser may continue them, and keeps the answers (cookies, cached files). It is not either if
 * frames, windows or workers outlive the document. Close such a tab, which ends all of them.
 */
export async function leaveDocument(tab: Tab, {origin}: MediaServer): Promise<boolean> {
  tab.requests.end();
  const {page, context, devtools} = tab;
  const leave = async () => {
    await page.goto('about:blank');
    await devtools.send('Page.resetNavigationHistory');
    await devtools.send('Storage.clearDataForOrigin', {origin, storageTypes: 'all'});
    return isAsNew(tab);
  };
  // A page that cannot be left must not be used again, whatever the reason.
  return inTime(leave(), 'left no page', {browser: context.browser(), seconds: LEAVE_SECONDS}).catch(
    () => false,
  );
}

/** Whether nothing can have outlived the tab's documents. */
export const isAsNew = ({hadOthers, proxy}: Tab): boolean => !hadOthers && !proxy.used;

/**
 * Closes a tab with all that belongs to it, whatever its page does.
 *
 * @throws `BrowserCrashed` if the browser does not do so within 30 seconds.
 */
export async function closeTab({context, proxy}: Tab): Promise<void> {
  try {
    await inTime(context.close(), 'closed no tab', {browser: context.browser()});
  } finally {
    await proxy.close();
  }
}

/** Waits for what a browser is asked for; for one that has died, no longer than until that is known. */
async function inTime<T>(
  work: Promise<T>,
  what: string,
  {browser, seconds = TAB_SECONDS}: {browser: Browser; seconds?: number},
): Promise<T> {
  const {promise: late, reject} = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`It had ${seconds} s.`)), seconds * 1000);
  const die = () => reject(new Error('It has died.'));
  browser.on('disconnected', die);
  if (!browser.connected) die();
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    const why = hideSecrets(cause instanceof Error ? cause.message : String(cause));
    throw diedError(`The browser ${what}. ${why}`, cause);
  } finally {
    clearTimeout(timer);
    browser.off('disconnected', die);
  }
}
