import {sep} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The root of the repository, or of what the published package runs: both hold the same files. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whether this is the published package, in somebody's `node_modules`. Nothing is written there. */
export const IS_INSTALLED = ROOT.includes(`${sep}node_modules${sep}`);

/** The project that a command is about which names none, as a path from where it runs. */
export const DEFAULT_PROJECT = IS_INSTALLED ? '.' : 'revideo-project';

/** How people call a command: as a script of the repository, or of the package in their own project. */
export const commandName = (name: string): string =>
  IS_INSTALLED ? `npx revideo-lambda ${name}` : `npm run ${name}`;

/** The same in front of options, as a help text has it. */
export const usageName = (name: string): string => (IS_INSTALLED ? commandName(name) : `npm run ${name} --`);

/** What `npm run image` calls what it makes of Dockerfile.base, and Dockerfile asks for. */
export const BASE_IMAGE = 'revideo-lambda-base';
