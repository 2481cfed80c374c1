import {type FileHandle, open, readdir, readFile} from 'node:fs/promises';
import {basename, join, relative} from 'node:path';
import {mp4} from '../../media/formats/formats.ts';
import {posterKey, thumbnailsKey} from '../../model/keys.ts';

/** The `comment` of a film that revideo-lambda has made. */
const OURS = /Job [^,\0]{1,1000}, revideo-lambda \d/;
/** Bytes of a film's texts at most; ours have some hundred. */
const MOST_TEXT = 100_000;
/** Boxes of a file or of a box that are looked at, at most. */
const MOST_BOXES = 1_000;
/** Files of a page in which a medium may be named. */
const NAMED_IN = /\.(?:js|css)$/;

/**
 * Finds films that revideo-lambda has written into a project's folder, with their posters and thumbnails. They are
 * results: if they counted as media of the project, each render would change the project that it renders.
 *
 * A film whose name is somewhere in the compiled page is a medium all the same: the project uses it.
 *
 * @param page folder of the compiled page
 * @returns paths from the project's folder
 */
export async function findOwnFilms(media: readonly string[], {folder, page}: {folder: string; page: string}) {
  const films = [];
  for (const file of media.filter((path) => path.endsWith(`.${mp4.extension}`))) {
    if (await isOwnFilm(file)) films.push(file);
  }
  if (films.length === 0) return [];
  const pictures = new Set(films.flatMap((film) => [posterKey(film), thumbnailsKey(film)]));
  const results = [...films, ...media.filter((path) => pictures.has(path))];
  const text = await textOf(page);
  const isNamed = (path: string) =>
    [basename(path), encodeURIComponent(basename(path))].some((name) => names(text, name));
  return results.filter((path) => !isNamed(path)).map((path) => relative(folder, path));
}

/** Whether a text has a file's name, not only as the end of a longer one. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\p{L}\p{N}._-]/u.test(text[at - 1] ?? '')) return true;
  }
  return false;
}

async function textOf(page: string): Promise<string> {
  const names = (await readdir(page)).filter((name) => NAMED_IN.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(page, name), 'utf8')));
  return texts.join('\n');
}

/**
 * Whether revideo-lambda has made a film, judged by the MP4's comment; false for a file that cannot be read.
 */
async function isOwnFilm(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const {size} = await file.stat();
    const index = await findBox(file, 'moov', [0, size]);
    const texts = index && (await findBox(file, 'udta', index));
    if (!texts || texts[1] - texts[0] > MOST_TEXT) return false;
    const bytes = Buffer.alloc(texts[1] - texts[0]);
    await file.read(bytes, 0, bytes.length, texts[0]);
    return OURS.test(bytes.toString('utf8'));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** From where to where the content of a box is; ISO/IEC 14496-12, 4.2. */
async function findBox(
  file: FileHandle,
  type: string,
  [start, end]: readonly [number, number],
): Promise<readonly [number, number] | undefined> {
  const head = Buffer.alloc(16);
  let at = start;
  for (let boxes = 0; boxes < MOST_BOXES && at + 8 <= end; boxes++) {
    await file.read(head, 0, 16, at);
    const short = head.readUInt32BE(0);
    // 1: the size follows in 64 bits; 0: up to the end.
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short || end - at;
    const content = short === 1 ? 16 : 8;
    if (size < content || at + size > end) return undefined;
    if (head.toString('latin1', 4, 8) === type) return [at + content, at + size];
    at += size;
  }
  return undefined;
}
