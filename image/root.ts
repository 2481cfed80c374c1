import {fileURLToPath} from 'node:url';

/** The repository's root: what Dockerfiles see. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run image` calls what it makes of Dockerfile.base, and Dockerfile asks for. */
export const BASE_IMAGE = 'revideo-lambda-base';
