import {RenderError} from '../../base/errors.ts';
import type {Hide} from './browser-error.ts';
import type {MediaServer} from './media-server.ts';
import type {PageFailure} from './page/failures.ts';
import {readStack} from './source-position.ts';

const ERRORS = {media: 'MediaFailed', project: 'ProjectBroken', scene: 'SceneFailed'} as const;

/** Characters of what a page says that are kept. */
const LONGEST = 20_000;

/** Where a page comes from. */
export interface PageContext {
  /** The bundle's folder. */
  folder: string;
  server: MediaServer;
  /** Masks the input of this task. */
  hide: Hide;
}

/**
 * Turns the page's report into one of our errors, without addresses that only this render knows and without
 * secrets in addresses. For a scene's error it names the place in the author's own file.
 */
export async function toPageError(
  {kind, message, scene, frame, stack}: PageFailure,
  {folder, server, hide}: PageContext,
): Promise<RenderError> {
  const {origin} = server;
  const address = new URL('.', server.page).href;
  const clean = (text: string) => hide(text.slice(0, LONGEST)).replaceAll(address, '').replaceAll(origin, '');
  // A server that reads a file for the page has to store it first, which fails on a full disk.
  const full = kind === 'media' ? server.diskFailure() : undefined;
  if (full) return full;
  const read = stack ? await readStack(stack.slice(0, LONGEST), {folder, address}) : undefined;
  const where = frame === undefined ? '' : `Frame ${frame}${scene ? `, scene "${scene}"` : ''}: `;
  const position = kind === 'scene' && read?.position ? ` (${read.position})` : '';
  const error = new RenderError(ERRORS[kind], clean(`${where}${message}${position}`));
  if (read) error.stack = `${error.name}: ${error.message}\n${clean(read.stack)}`;
  return error;
}
