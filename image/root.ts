import {sep} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The root of the repository, or of what the published package runs: both hold the same files. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whether this is the published package, in a project's `node_modules`. Nothing is written there. */
export const IS_INSTALLED = ROOT.includes(`${sep}node_modules${sep}`);

/** The default project of a command, as a path from its working directory. */
export const DEFAULT_PROJECT = IS_INSTALLED ? '.' : 'revideo-project';

/** The command line of a command: a script of the repository, or the package in a project. */
export const commandName = (name: string): string =>
  IS_INSTALLED ? `npx revideo-lambda ${name}` : `npm run ${name}`;

/** The same in front of options, for help texts. */
export const usageName = (name: string): string => (IS_INSTALLED ? commandName(name) : `npm run ${name} --`);

/** The name of the image that `npm run image` makes from Dockerfile.base and that Dockerfile asks for. */
export const BASE_IMAGE = 'revideo-lambda-base';
