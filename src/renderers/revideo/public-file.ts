import {realpath, stat} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';
import {shownAddress} from '../../base/address.ts';
import {RenderError} from '../../base/errors.ts';
import {isPart} from './files.ts';

/** Where a project's files are, for those that are served. */
export interface ServedFolders {
  /** The project's `public/`. */
  publicFolder: string;
  /** Files that the project imports, at their paths in the project. */
  importedFolder: string;
  /** The project's folder, whose media have addresses too; undefined where the compiler has put these with the imported ones. */
  projectFolder?: string | undefined;
  /** Films made here that lie in the project's folder, as paths in it. */
  results?: readonly string[] | undefined;
}

/** Media, fonts and the like: what a project may name by its path, `/src/logo.png`, without importing it. */
export const isMedia = (path: string): boolean => MEDIA.test(path) && !/(?:^|[\\/])\./.test(path);
const MEDIA =
  /\.(?:apng|avif|bmp|gif|ico|jfif|jpe?g|png|svg|webp|aac|flac|m4a|mp3|oga|ogg|opus|wav|m4v|mkv|mov|mp4|ogv|webm|eot|otf|ttf|woff2?|riv|csv|srt|vtt)$/i;

/**
 * The path of the file that an address of the project means, and the folder it was found in. As in Revideo's dev
 * server, `public/` comes first; after it imported files and the project's other media, `/src/beat.mp3`.
 *
 * @throws `MediaFailed` as `publicFile` does
 */
export async function servedFile(
  address: string,
  {publicFolder, importedFolder, projectFolder, results = []}: ServedFolders,
): Promise<{path: string; folder: string}> {
  const found = publicFile(address, publicFolder).then((path) => ({path, folder: publicFolder}));
  return found.catch(async (error) => {
    const imported = await publicFile(address, importedFolder).catch(() => undefined);
    if (imported) return {path: imported, folder: importedFolder};
    if (!projectFolder) throw error;
    const path = await publicFile(address, projectFolder).catch(() => undefined);
    const name = path && relative(await realpath(projectFolder), path);
    if (!path || !name || !isMedia(name)) throw error;
    // It is not in the project's hash and not in a compiled project: a film would differ from one time to the next.
    if (!isPart(name)) throw noPart(address, name);
    if (results.includes(name)) throw noMedium(address);
    return {path, folder: projectFolder};
  });
}

const noPart = (address: string, name: string): RenderError => {
  const [folder = ''] = name.includes('node_modules') ? ['node_modules'] : name.split(sep);
  return new RenderError(
    'MediaFailed',
    `${shownAddress(address)} cannot be read: files of ${folder}/ have no address. Put it into public/, or import it.`,
  );
};

const noMedium = (address: string): RenderError =>
  new RenderError(
    'MediaFailed',
    `${shownAddress(address)} cannot be read: revideo-lambda has made this film, and such files are no media of a project. Put it into public/, or import it.`,
  );

/**
 * The path of the file in a project's `public/` that an address of the project means. Links are followed as long as
 * they stay inside.
 *
 * @throws `MediaFailed` that names the address if the file is missing, lies elsewhere, or is not a regular
 * file. Reading a pipe or a device may never end.
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
