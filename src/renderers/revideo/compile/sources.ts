import {fileURLToPath} from 'node:url';

/** Folder of our own sources: what is built into a page, and what decides how. */
export const SOURCES = fileURLToPath(new URL('../../../', import.meta.url));
