import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser, Page} from 'puppeteer-core';
import {RenderError} from '../errors.ts';
import {type BrowserProgram, startBrowser} from './browser.ts';
import type {MediaServer} from './media-server.ts';
import type {PageAnswer} from './page/failures.ts';
import {type PagePlace, toPageError} from './page-error.ts';

/** Seconds without a drawn frame after which a page counts as hung. */
const STALL_SECONDS = 120;

/**
 * Pieces of work after which a tab is closed. Of a document that drew a 720p clip its process keeps some 150 MB until
 * it collects its garbage; with four of them a worker's tree stays below 0.9 GB.
 */
const TAB_USES = 4;

interface Running {
  browser: Browser;
  /** Its profile's folder. */
  profile: string;
  /** Tabs with nothing to do. */
  idle: Tab[];
}

/** A tab of the browser. Each piece of work gets a document of its own in it, and with it everything but the process. */
interface Tab {
  page: Page;
  uses: number;
  /** What the page's console said during this piece of work. */
  output: string[];
  /** The first error of this piece of work that nothing caught. */
  uncaught: Error | undefined;
  /** Called for every sign of life. */
  moved: () => void;
  onFrames: (drawn: number) => void;
}

/** One browser, kept for the next piece of work, and a fresh document for each. */
export class Session {
  readonly #program: BrowserProgram;
  readonly #folder: string;
  #starting: Promise<Running> | undefined;

  /** @param folder the bundle's, whose source maps say where in the project an error happened */
  constructor(program: BrowserProgram, {folder}: {folder: string}) {
    this.#program = program;
    this.#folder = folder;
  }

  /**
   * Opens the project's page, runs `work` on it.
   * Rejects with `BrowserCrashed` when page or browser die, `RenderStalled` when nothing moves for two
   * minutes, `SceneFailed` or `MediaFailed` when the project fails, `Aborted` when the signal fires.
   */
  async run<T>(
    server: MediaServer,
    {
      signal,
      onFrames = () => {},
      work,
    }: {
      signal: AbortSignal;
      onFrames?: ((drawn: number) => void) | undefined;
      work: (page: Page) => Promise<PageAnswer<T>>;
    },
  ): Promise<T> {
    signal.throwIfAborted();
    const {browser, idle} = await this.#browser();
    const tab = idle.pop() ?? (await openTab(browser));
    const watch = watchPage(tab, {browser, signal});
    Object.assign(tab, {uses: tab.uses + 1, uncaught: undefined, moved: watch.moved, onFrames});
    const place = {folder: this.#folder, server};
    let whole = false;
    try {
      const working = openProject(tab, place).then(work);
      // Whichever loses the race must not become an unhandled rejection.
      working.catch(() => {});
      const answer = await Promise.race([working, watch.died]);
      if ('failure' in answer) throw await toPageError(answer.failure, place);
      whole = true;
      return answer.ok;
    } finally {
      watch.stop();
      if (whole && tab.uses < TAB_USES) idle.push(tab);
      else await tab.page.close().catch(() => this.close());
    }
  }

  /** Whoever asks waits for the one who asked before: two at once share a browser. */
  #browser(): Promise<Running> {
    this.#starting = this.#restart(this.#starting);
    return this.#starting;
  }

  async #restart(before: Promise<Running> | undefined): Promise<Running> {
    const running = await before?.catch(() => undefined);
    if (running?.browser.connected) return running;
    if (running) await end(running);
    const profile = await mkdtemp(join(tmpdir(), 'revideo-lambda-browser-'));
    try {
      return {browser: await startBrowser(this.#program, profile), profile, idle: []};
    } catch (error) {
      await rm(profile, {recursive: true, force: true, maxRetries: 5});
      throw error;
    }
  }

  /** Ends the browser and removes its profile. */
  async close(): Promise<void> {
    const running = await this.#starting?.catch(() => undefined);
    this.#starting = undefined;
    if (running) await end(running);
  }
}

async function end({browser, profile}: Running): Promise<void> {
  // A browser that does not listen any more is ended by force.
  const force = setTimeout(() => browser.process()?.kill('SIGKILL'), 5_000);
  await browser.close().catch(() => browser.process()?.kill('SIGKILL'));
  clearTimeout(force);
  await rm(profile, {recursive: true, force: true, maxRetries: 5});
}

async function openTab(browser: Browser): Promise<Tab> {
  const page = await browser.newPage();
  const tab: Tab = {page, uses: 0, output: [], uncaught: undefined, moved: () => {}, onFrames: () => {}};
  page.on('console', (message) => tab.output.push(message.text()));
  page.on('pageerror', (thrown) => {
    tab.uncaught ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    tab.output.push(tab.uncaught.message);
  });
  await page.exposeFunction('signOfLife', () => tab.moved());
  await page.exposeFunction('reportFrames', (drawn: number) => tab.onFrames(drawn));
  return tab;
}

/** Loads the page anew: of the work before nothing is left, in its variables or in what a browser stores for it. */
async function openProject(tab: Tab, place: PagePlace): Promise<Page> {
  const {page, output} = tab;
  const {origin, page: address} = place.server;
  output.length = 0;
  // In a new tab too: what is stored belongs to the browser.
  const devtools = await page.createCDPSession();
  await devtools.send('Storage.clearDataForOrigin', {origin, storageTypes: 'all'});
  await devtools.detach();
  await page.goto(address, {waitUntil: 'load', timeout: 30_000});
  if (await page.evaluate(() => 'revideoLambda' in window)) return page;
  const failed = "The project's own code failed when it was loaded";
  if (!tab.uncaught) throw new RenderError('SceneFailed', `${failed}. ${lastLines(output)}`);
  const {message, stack} = tab.uncaught;
  throw await toPageError({kind: 'scene', message: `${failed}: ${message}`, ...(stack && {stack})}, place);
}

function watchPage(
  {page, output}: Tab,
  {browser, signal}: {browser: Browser; signal: AbortSignal},
): {died: Promise<never>; moved: () => void; stop: () => void} {
  const {promise: died, reject} = Promise.withResolvers<never>();
  died.catch(() => {});
  const crash = () => reject(new RenderError('BrowserCrashed', `The browser died. ${lastLines(output)}`));
  const stall = () =>
    reject(
      new RenderError('RenderStalled', `Nothing was drawn for ${STALL_SECONDS} s. ${lastLines(output)}`),
    );
  const abort = () => reject(signal.reason);
  let timer = setTimeout(stall, STALL_SECONDS * 1000);
  page.on('error', crash);
  browser.on('disconnected', crash);
  signal.addEventListener('abort', abort);
  return {
    died,
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(stall, STALL_SECONDS * 1000);
    },
    stop: () => {
      clearTimeout(timer);
      page.off('error', crash);
      browser.off('disconnected', crash);
      signal.removeEventListener('abort', abort);
    },
  };
}

function lastLines(output: string[]): string {
  const lines = output.slice(-5).join('\n');
  return lines ? `The page's last words:\n${lines}` : 'The page said nothing.';
}
