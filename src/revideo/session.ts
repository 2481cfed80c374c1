import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser, Page} from 'puppeteer-core';
import {RenderError} from '../errors.ts';
import {type BrowserProgram, startBrowser} from './browser.ts';
import type {MediaServer} from './media-server.ts';
import type {PageAnswer, PageFailure} from './page/failures.ts';

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
  /** Called for every sign of life. */
  moved: () => void;
  onFrames: (drawn: number) => void;
}

/** One browser, kept for the next piece of work, and a fresh document for each. */
export class Session {
  readonly #program: BrowserProgram;
  #starting: Promise<Running> | undefined;

  constructor(program: BrowserProgram) {
    this.#program = program;
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
    Object.assign(tab, {uses: tab.uses + 1, moved: watch.moved, onFrames});
    let whole = false;
    try {
      const working = openProject(tab, server).then(work);
      // Whichever loses the race must not become an unhandled rejection.
      working.catch(() => {});
      const answer = await Promise.race([working, watch.died]);
      if ('failure' in answer) throw toError(answer.failure, server.origin);
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
  const tab: Tab = {page, uses: 0, output: [], moved: () => {}, onFrames: () => {}};
  page.on('console', (message) => tab.output.push(message.text()));
  page.on('pageerror', (error) => tab.output.push(error instanceof Error ? error.message : String(error)));
  await page.exposeFunction('signOfLife', () => tab.moved());
  await page.exposeFunction('reportFrames', (drawn: number) => tab.onFrames(drawn));
  return tab;
}

/** Loads the page anew: of the work before nothing is left, in its variables or in what a browser stores for it. */
async function openProject({page, output}: Tab, server: MediaServer): Promise<Page> {
  output.length = 0;
  // In a new tab too: what is stored belongs to the browser.
  const devtools = await page.createCDPSession();
  await devtools.send('Storage.clearDataForOrigin', {origin: server.origin, storageTypes: 'all'});
  await devtools.detach();
  await page.goto(server.page, {waitUntil: 'load', timeout: 30_000});
  if (await page.evaluate(() => 'revideoLambda' in window)) return page;
  throw new RenderError(
    'SceneFailed',
    `The project's own code failed when it was loaded. ${lastLines(output)}`,
  );
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

const ERRORS = {media: 'MediaFailed', project: 'ProjectBroken', scene: 'SceneFailed'} as const;

function toError({kind, message, scene, frame, stack}: PageFailure, origin: string): RenderError {
  const where = frame === undefined ? '' : `Frame ${frame}${scene ? `, scene "${scene}"` : ''}: `;
  const clean = (text: string) => text.replaceAll(`${origin}/-/`, '').replaceAll(origin, '');
  const error = new RenderError(ERRORS[kind], clean(`${where}${message}`));
  if (stack) error.stack = `${error.name}: ${error.message}\n${clean(stack)}`;
  return error;
}
