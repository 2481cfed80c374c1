import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser, Page} from 'puppeteer-core';
import {diskError} from '../../base/disk.ts';
import {addressesIn, hideSecrets} from '../../base/hide-secrets.ts';
import type {Border} from '../../base/network/border.ts';
import type {OnSceneLine} from '../../model/scene-line.ts';
import type {BrowserProgram} from './browser.ts';
import {browserError, type Hide} from './browser-error.ts';
import {openProject, watchPage} from './document.ts';
import type {MediaServer} from './media-server.ts';
import type {PageAnswer} from './page/failures.ts';
import {toPageError} from './page-error.ts';
import type {MissingFonts} from './page-requests.ts';
import {NO_WAYS, startBrowser} from './start-browser.ts';
import {closeTab, isAsNew, leaveDocument, openTab, type Tab} from './tab.ts';

/**
 * Tasks after which a tab is closed. A new tab costs a quarter of a second of CPU. The tab's process collects
 * the garbage of earlier documents in time. With 60 chunks of a 720p clip in one tab it stayed below 0.7 GB,
 * with 40 of 2160p below 1.3 GB. It does not collect the things that a project may leave outside its
 * document.
 */
const TAB_USES = 25;

/**
 * Tasks after which the browser itself is replaced. Its first process and its caches do not return to their
 * first state, and a new browser takes half a second.
 */
const BROWSER_USES = 100;

interface Running {
  browser: Browser;
  /** Its profile's folder. */
  profile: string;
  tabs: Set<Tab>;
  /** Tabs with nothing to do, each as a new one. */
  idle: Set<Tab>;
  /** Tasks that were begun in it. */
  uses: number;
  /** The number of them that have not ended. */
  busy: number;
}

/** How a session works. */
export interface SessionOptions {
  /** Serves the page, and is the only server that the page may reach without a check. */
  server: MediaServer;
  /** The other addresses that the page may reach. */
  border: Border;
  /** Bytes that one connection of the page to elsewhere may bring. */
  maxBytes: number;
  /** The bundle's, whose source maps say where in the project an error happened. */
  folder: string;
  /** Seconds in which the page has to be loaded. */
  loadSeconds: number;
  /** Seconds without a drawn frame after which a page counts as hung. */
  stallSeconds: number;
  /** How to treat a font or a style sheet that is not available; an error if left out. */
  missingFonts?: MissingFonts;
  /** Receives the lines that the project's code writes, with addresses masked; optional. */
  onLine?: OnSceneLine | undefined;
  /** Tasks after which the browser is replaced, as soon as none is running; 100 if left out. */
  browserUses?: number;
}

/**
 * One browser, kept for the next task. Each task gets its own document, which knows nothing of those before
 * or beside it.
 */
export class Session {
  readonly #program: BrowserProgram;
  readonly #options: SessionOptions & Required<Pick<SessionOptions, 'missingFonts' | 'browserUses'>>;
  #starting: Promise<Running> | undefined;
  /** Tasks that have not ended, including those that wait for the browser. */
  #running = 0;

  constructor(
    program: BrowserProgram,
    {browserUses = BROWSER_USES, missingFonts = 'error', ...options}: SessionOptions,
  ) {
    this.#program = program;
    this.#options = {...options, browserUses, missingFonts};
  }

  /**
   * Opens the project's page, runs `work` on it. Rejects with `BrowserCrashed` when page or browser die, and
   * with `RenderStalled` when nothing moves for too long. When the project fails it is `SceneFailed` or
   * `MediaFailed`, and when the signal fires `Aborted`.
   */
  async run<T>({
    signal,
    given,
    onFrames = () => {},
    onSegment = () => {},
    onWarning = () => {},
    work,
  }: {
    signal: AbortSignal;
    /**
     * The customer's input, such as variables: every address in it is masked wherever the page repeats it.
     */
    given?: unknown;
    onFrames?: ((drawn: number) => void) | undefined;
    /** Called with each segment that the page has finished, as the page describes it. */
    onSegment?: (segment: unknown) => void;
    /** Called with a sentence about something that is missing, and that the film does without. */
    onWarning?: (message: string) => void;
    work: (page: Page) => Promise<PageAnswer<T>>;
  }): Promise<T> {
    signal.throwIfAborted();
    this.#running++;
    const running = await this.#browser().catch((error: unknown) => {
      this.#running--;
      throw error;
    });
    try {
      const tab = await this.#tab(running);
      const {browser} = running;
      const {server} = this.#options;
      let known: string[] | undefined;
      const hide: Hide = (text) => {
        known ??= addressesIn(given);
        return hideSecrets(text, [...known, ...server.addresses()]);
      };
      const watch = watchPage(tab, {...this.#options, browser, signal, hide});
      const onLine: OnSceneLine = (line) => this.#options.onLine?.({...line, text: hide(line.text)});
      Object.assign(tab, {
        uses: tab.uses + 1,
        uncaught: undefined,
        moved: watch.moved,
        onFrames,
        onSegment,
        onLine,
      });
      const place = {...this.#options, hide};
      let whole = false;
      try {
        const working = openProject(tab, place, {
          missingFonts: place.missingFonts,
          onError: watch.fail,
          onWarning,
        })
          .then(work)
          .catch((error: unknown) => {
            throw browserError(error, hide);
          });
        // Whichever loses the race must not become an unhandled rejection.
        working.catch(() => {});
        const answer = await Promise.race([working, watch.died]);
        if ('failure' in answer) throw await toPageError(answer.failure, place);
        whole = true;
        return answer.ok;
      } finally {
        watch.stop();
        const kept = whole && tab.uses < TAB_USES && (await leaveDocument(tab, server));
        if (kept) running.idle.add(tab);
        else await drop(tab, running);
      }
    } finally {
      running.busy--;
      this.#running--;
    }
  }

  /** Whether nothing runs or waits to. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** A tab with nothing to do, or a new one. */
  async #tab(running: Running): Promise<Tab> {
    const {browser, tabs, idle} = running;
    for (const kept of idle) {
      idle.delete(kept);
      if (isAsNew(kept)) return kept;
      await drop(kept, running);
    }
    try {
      const tab = await openTab(browser, this.#options);
      tabs.add(tab);
      // One that dies at work is dropped where the work ends.
      tab.page.once('error', () => {
        if (idle.delete(tab)) void drop(tab, running);
      });
      return tab;
    } catch (error) {
      await end(running);
      throw error;
    }
  }

  /** Each caller waits for the one before, so that two at once share a browser. */
  #browser(): Promise<Running> {
    this.#starting = this.#restart(this.#starting);
    return this.#starting;
  }

  async #restart(before: Promise<Running> | undefined): Promise<Running> {
    const running = await before?.catch(() => undefined);
    if (running?.browser.connected && (running.busy > 0 || running.uses < this.#options.browserUses)) {
      running.busy++;
      running.uses++;
      return running;
    }
    if (running) await end(running);
    const profile = await mkdtemp(join(tmpdir(), 'revideo-lambda-browser-')).catch((error: unknown) => {
      throw diskError(error, tmpdir());
    });
    try {
      const browser = await startBrowser(this.#program, {profile, ways: NO_WAYS});
      return {browser, profile, tabs: new Set(), idle: new Set(), uses: 1, busy: 1};
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

/** A browser that cannot even close a tab goes with it. */
async function drop(tab: Tab, of: Running): Promise<void> {
  of.tabs.delete(tab);
  await closeTab(tab).catch(() => end(of));
}

async function end({browser, profile, tabs}: Pick<Running, 'browser' | 'profile' | 'tabs'>): Promise<void> {
  // A browser that does not listen any more is ended by force.
  const force = setTimeout(() => browser.process()?.kill('SIGKILL'), 5_000);
  await browser.close().catch(() => browser.process()?.kill('SIGKILL'));
  clearTimeout(force);
  const proxies = [...tabs].map(({proxy}) => proxy.close());
  tabs.clear();
  await Promise.all(proxies);
  await rm(profile, {recursive: true, force: true, maxRetries: 5});
}
