import {tmpdir} from 'node:os';
import {PuppeteerError, TimeoutError} from 'puppeteer-core';
import {browserDisk, fullDiskError} from '../../base/disk.ts';
import {RenderError} from '../../base/errors.ts';

/** Makes text of a page fit to be shown. */
export type Hide = (text: string) => string;

/** puppeteer's messages for a project that has left or reloaded its document. */
const LEFT = /Execution context was destroyed|Cannot find context|[Ff]rame (?:was )?detached/;

/**
 * Converts an error of puppeteer into one of ours with masked words: the one place where its errors get their
 * names. Our own errors stay as they are.
 *
 * - `SceneFailed`: the project has left its page, or has taken away what this program calls there.
 * - `RenderStalled`: the browser did not answer in time.
 * - `BrowserCrashed`: the tab, the browser or the connection to it is gone.
 * - `DiskFailed`: any of these, where the disk is full.
 */
export function browserError(thrown: unknown, hide: Hide): RenderError {
  const error = fullDiskError(thrown, tmpdir());
  if (error instanceof RenderError) return error;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const said = hide(message);
  const ours = (name: 'SceneFailed' | 'RenderStalled' | 'BrowserCrashed', message: string) =>
    new RenderError(name, message, {cause: thrown});
  if (LEFT.test(message)) return ours('SceneFailed', 'The project has left its page, or has reloaded it.');
  if (thrown instanceof TimeoutError)
    return ours('RenderStalled', `The browser did not answer in time: ${said}`);
  if (thrown instanceof PuppeteerError) return diedError(`The browser, or its tab, is gone: ${said}`, thrown);
  // Puppeteer throws on what code in the page has thrown. This program's own catches what a project throws.
  return ours('SceneFailed', `The project's page does not answer as it should: ${said}`);
}

/** The error of a browser that is gone: `DiskFailed` where its disk has no room, otherwise `BrowserCrashed`. */
export const diedError = (words: string, cause?: unknown): RenderError =>
  browserDisk(words) ?? new RenderError('BrowserCrashed', words, {cause});
