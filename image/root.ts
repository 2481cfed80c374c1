import {fileURLToPath} from 'node:url';

/** The repository's root: what Dockerfiles see. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
