import {cpSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {IS_INSTALLED, ROOT} from './root.ts';

/** The variable in which a command names its context to the programs that it runs. */
export const HANDED_CONTEXT = 'INFRA_CONTEXT';

/** The files that an image is built of. */
export interface Context {
  /** The folder that Dockerfiles see. */
  root: string;
  /** Removes what was made for it. */
  close(): void;
}

/**
 * Opens the folder that images are built of: the repository itself, or a copy of the installed package, which may not be
 * written.
 *
 * @param handed a context that the caller of this program has opened
 */
export function openContext(handed = process.env[HANDED_CONTEXT]): Context {
  if (handed) return {root: handed, close() {}};
  if (!IS_INSTALLED) return {root: ROOT, close() {}};
  const folder = mkdtempSync(join(tmpdir(), 'revideo-lambda-image-'));
  const root = join(folder, 'context');
  cpSync(ROOT, root, {recursive: true});
  return {root, close: () => rmSync(folder, {recursive: true, force: true})};
}
