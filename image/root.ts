import {fileURLToPath} from 'node:url';

/** The repository's root: what Dockerfiles see. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The name of the image that `npm run image` makes from Dockerfile.base and that Dockerfile asks for. */
export const BASE_IMAGE = 'revideo-lambda-base';
