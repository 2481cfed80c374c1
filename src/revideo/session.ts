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

interface Running {
  browser: Browser;
  /** Its profile's folder. */
  profile: string;
}

/** One browser, kept for the next piece of work, and a fresh page for each. */
export class Session {
  readonly #program: BrowserProgram;
  #starting: Promise<Running> | undefined;

  constructor(program: BrowserProgram) {
    this.#program = program;
  }

  /**
   * Opens the project's page, runs `work` on it, closes it.
   * Rejects with `BrowserCrashed` when page or browser die, `RenderStalled` when nothing moves for two
   * minutes, `SceneFailed` or `MediaFailed` when the project fails, `Aborted` when the signal fires.
   */
  async run<T>(
    server: MediaServer,
    {signal, work}: {signal: AbortSignal; work: (page: Page) => Promise<PageAnswer<T>>},
  ): Promise<T> {
    signal.throwIfAborted();
    const {browser} = await this.#browser();
    const page = await browser.newPage();
    const output: string[] = [];
    page.on('console', (message) => output.push(message.text()));
    const watch = watchPage(page, {browser, signal, output});
    try {
      const working = (async () => {
        await page.exposeFunction('signOfLife', watch.moved);
        await page.goto(server.page, {waitUntil: 'load', timeout: 30_000});
        if (!(await page.evaluate(() => 'revideoLambda' in window))) {
          throw new RenderError(
            'SceneFailed',
            `The project's own code failed when it was loaded. ${lastLines(output)}`,
          );
        }
        return work(page);
      })();
      // Whichever loses the race must not become an unhandled rejection.
      working.catch(() => {});
      const answer = await Promise.race([working, watch.died]);
      if ('failure' in answer) throw toError(answer.failure, server.origin);
      return answer.ok;
    } finally {
      watch.stop();
      await page.close().catch(() => this.close());
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
      return {browser: await startBrowser(this.#program, profile), profile};
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

function watchPage(
  page: Page,
  {browser, signal, output}: {browser: Browser; signal: AbortSignal; output: string[]},
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
  page.on('pageerror', (error) => output.push(error instanceof Error ? error.message : String(error)));
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
