import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** By which a project imports our handler. */
export const HANDLER = 'revideo-lambda/handler';

/** Where that leads to. */
export const HANDLER_FILE = fileURLToPath(new URL('./lambda.ts', import.meta.url));

/** The entry of the sample, which renders any project that the environment names. */
export const OUR_ENTRY = fileURLToPath(new URL('../../../revideo-project/src/lambda.ts', import.meta.url));

/** The entry that a project has of its own, as `revideo-lambda init` writes it; undefined if it has none. */
export function ownEntry(folder: string): string | undefined {
  const file = join(folder, 'src/lambda.ts');
  // Another function of the project's author may have this name.
  return textOf(file).includes(HANDLER) ? file : undefined;
}

/** The entry that runs on this machine: the project's own where the package that it imports is installed. */
export function entryHere(folder: string): string {
  const own = ownEntry(folder);
  if (!own) return OUR_ENTRY;
  try {
    createRequire(own).resolve(HANDLER);
    return own;
  } catch {
    return OUR_ENTRY;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
