import {readFile} from 'node:fs/promises';
import {SourceMap, type SourceMapPayload} from 'node:module';
import {dirname, join, relative, resolve, sep} from 'node:path';

/** How names of sources begin that the project's author has not written: packages, and our page. */
const PACKAGES = 'node_modules/';

/** File, line and column of a script behind its folder's address, the latter two from 1. */
const PLACE = /^([\w.-]{1,200}\.js):(\d{1,9}):(\d{1,9})/;
/** Characters that a place has at most. */
const LONGEST = 230;

/** An error's stack in which places of a bundle are places of the sources. */
export interface ReadStack {
  stack: string;
  /** The first place in the author's own files, `src/scenes/intro.tsx:12:9`, lines and columns from 1. */
  position?: string;
}

/**
 * The name of a source in a source map: its path from the project's folder, or from the last `node_modules`
 * on. So a compiled project names its files alike wherever it was compiled.
 *
 * @param folder the project's folder, with links followed, as the bundler follows them
 * @param ours the folder of our own sources
 * @returns a function of a source's path from its map, and of the map's path
 */
export function sourceNames({folder, ours}: {folder: string; ours: string}) {
  return (source: string, map: string): string => {
    // An import may carry a query: `./intro?scene`.
    const [path = ''] = resolve(dirname(map), source).split('?');
    const [, inPackages] = /^.*[\\/]node_modules[\\/](.*)$/.exec(path) ?? [];
    const inOurs = path.startsWith(ours) && `revideo-lambda/src/${path.slice(ours.length)}`;
    const foreign = inPackages || inOurs;
    return (foreign ? PACKAGES + foreign : relative(folder, path)).replaceAll(sep, '/');
  };
}

/**
 * Reads the stack of an error of the page, by the source maps beside the bundle. A place that no map knows stays as
 * it is.
 *
 * @param folder the bundle's folder
 * @param address where the page finds this folder, with a slash at the end
 */
export async function readStack(
  stack: string,
  {folder, address}: {folder: string; address: string},
): Promise<ReadStack> {
  const maps = new Map<string, SourceMap | undefined>();
  let position: string | undefined;
  const [before = '', ...parts] = stack.split(address);
  let read = before;
  for (const part of parts) {
    const [place = '', file = '', line, column] = PLACE.exec(part.slice(0, LONGEST)) ?? [];
    if (file && !maps.has(file)) maps.set(file, await readMap(join(folder, `${file}.map`)));
    const source = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!source || !('originalSource' in source)) {
      read += address + part;
      continue;
    }
    const {originalSource, originalLine, originalColumn} = source;
    const found = `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
    if (!originalSource.startsWith(PACKAGES)) position ??= found;
    read += found + part.slice(place.length);
  }
  return {stack: read, ...(position && {position})};
}

/** A project that was compiled without maps fails with the places of its bundle. */
async function readMap(path: string): Promise<SourceMap | undefined> {
  const json = await readFile(path, 'utf8').catch(() => undefined);
  return json === undefined ? undefined : new SourceMap(JSON.parse(json) as SourceMapPayload);
}
