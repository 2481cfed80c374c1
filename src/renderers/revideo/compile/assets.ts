import {posix, sep} from 'node:path';
import type {InlineConfig} from 'vite';

/** Folder of a bundle with the files that a project imports, each at its path in the project. */
export const IMPORTED = 'files';

/** The bundler's description of a file that it puts beside the scripts. */
interface Asset {
  names: string[];
  /** Paths from the project's folder; empty for what no file is behind. */
  originalFileNames: string[];
}

/**
 * Where an imported file lies in the bundle. It is served at the address that Revideo's dev server gives it,
 * `/src/beat.mp3`. Outside the project's folder that address would be a path of this machine, so the file's
 * address there names its content.
 */
export function assetName({names, originalFileNames: [path]}: Asset): string {
  // A style sheet is put together from several.
  if (path === undefined || names.some((name) => name.endsWith('.css'))) return '[name]-[hash][extname]';
  const isInside = !path.startsWith('../') && !posix.isAbsolute(path) && !/^[a-z]:/i.test(path);
  return isInside ? `${IMPORTED}/${path}` : `${IMPORTED}/@fs/[hash]/[name][extname]`;
}

/** Addresses of built files: the page's own below `/-/`, imported ones and those of `public/` at the root. */
export const addresses: NonNullable<InlineConfig['experimental']> = {
  renderBuiltUrl(name, {type}) {
    if (type === 'public') return `/${name}`;
    return name.startsWith(`${IMPORTED}/`) ? name.slice(IMPORTED.length) : `/-/${name}`;
  },
};

/** As the dev server: nothing is put into the script but small SVGs, of which it does so too. */
export const inlines = (path: string): boolean | undefined => (/\.svg$/i.test(path) ? undefined : false);

/** The address of a file at our server: its path from the project's folder, encoded as Vite does. */
export const addressOf = (path: string): string =>
  `/${encodeURI(path.replaceAll(sep, '/')).replace(/[?#]/g, encodeURIComponent)}`;
