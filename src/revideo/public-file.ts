import {realpath, stat} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {shownAddress} from '../address.ts';
import {RenderError} from '../errors.ts';

/**
 * The path of the file in a project's `public/` that an address of the project means. Links are followed as long as
 * they stay inside.
 *
 * @throws `MediaFailed` that names the address, for what is not there, lies elsewhere, or is no file: reading a pipe or
 * a device may never end.
 */
export async function publicFile(address: string, folder: string): Promise<string> {
  const fail = (reason: string) =>
    new RenderError('MediaFailed', `${shownAddress(address)} cannot be read: ${reason}.`);
  const name = nameOf(address);
  if (name === undefined) throw fail("it is not an address of the project's public folder");
  const root = await realpath(folder).catch(() => folder);
  const path = await realpath(join(root, name)).catch(() => undefined);
  if (path === undefined) throw fail("there is no such file in the project's public folder");
  if (!path.startsWith(root + sep)) throw fail("it leads out of the project's public folder");
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw fail('it is not a file');
  return path;
}

/** Where in the public folder an address leads; undefined for one that means something else. */
function nameOf(address: string): string | undefined {
  // A path that begins with a slash, or a name: no other scheme, no other host, no way up.
  if (/^[a-z][a-z\d+.-]*:/i.test(address) || /^[\\/]{2}/.test(address)) return undefined;
  const [path = ''] = address.split(/[?#]/);
  try {
    const name = decodeURIComponent(path);
    const isPlain = !name.includes('\0') && !name.split(/[\\/]/).includes('..');
    return isPlain ? name : undefined;
  } catch {
    // A % that stands for nothing: no address of ours.
    return undefined;
  }
}
