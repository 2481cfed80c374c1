import {randomUUID} from 'node:crypto';
import {type Browser, type Page, TimeoutError} from 'puppeteer-core';
import {RenderError} from '../../base/errors.ts';
import {diedError, type Hide} from './browser-error.ts';
import {type PageContext, toPageError} from './page-error.ts';
import type {DocumentOrder} from './page-requests.ts';
import type {Tab} from './tab.ts';

/** Whether the page's code ran to its end. One that awaits something is still at it when its document is loaded. */
const RAN = 'import(document.getElementById("revideo-lambda").src).then(() => true, () => false)';

/**
 * Loads the page into a tab that is as new.
 *
 * @param loadSeconds in which everything that the page asks for before it runs has to be there
 * @throws `SceneFailed` if the project's own code fails meanwhile, `RenderStalled` if it takes too long.
 */
export async function openProject(
  tab: Tab,
  {loadSeconds, ...place}: PageContext & {loadSeconds: number},
  order: Omit<DocumentOrder, 'reader'>,
): Promise<Page> {
  const {page, output, requests} = tab;
  const {page: address} = place.server;
  output.length = 0;
  const reader = randomUUID();
  requests.begin({...order, reader});
  try {
    await page.goto(`${address}&reader=${reader}`, {waitUntil: 'load', timeout: loadSeconds * 1000});
  } catch (cause) {
    if (!(cause instanceof TimeoutError)) throw cause;
    const message = `The page was not loaded within ${loadSeconds} s. A style sheet or a font of the project may not arrive, or the machine has too much to do. ${lastLines(output, place.hide)}`;
    throw new RenderError('RenderStalled', message, {cause});
  }
  if (await page.evaluate(RAN)) return page;
  const failed = "The project's own code failed when it was loaded";
  if (!tab.uncaught) throw new RenderError('SceneFailed', `${failed}. ${lastLines(output, place.hide)}`);
  const {message, stack} = tab.uncaught;
  throw await toPageError({kind: 'scene', message: `${failed}: ${message}`, ...(stack && {stack})}, place);
}

/**
 * Watches one task in the page. `died` rejects when page or browser die, when nothing moves, when the signal
 * fires, or when one of the page's own requests is refused.
 */
export function watchPage(
  {page, output, proxy}: Tab,
  {
    browser,
    stallSeconds,
    signal,
    hide,
  }: {
    browser: Browser;
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
