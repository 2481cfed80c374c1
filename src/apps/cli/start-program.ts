import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {EXIT} from './exit.ts';

/** Programs that npm scripts of the repository start too, with the same arguments. */
const PROGRAMS = {
  image: fileURLToPath(new URL('../../../image/build.ts', import.meta.url)),
  deploy: fileURLToPath(new URL('../../../infra/deploy.ts', import.meta.url)),
  destroy: fileURLToPath(new URL('../../../infra/destroy.ts', import.meta.url)),
  policies: fileURLToPath(new URL('../../../infra/policies.ts', import.meta.url)),
} as const;

/** Runs one of these programs in this terminal, and ends as it does. */
export async function startProgram(name: keyof typeof PROGRAMS, args: readonly string[]): Promise<void> {
  const {exitCode = 1} = await execa(process.execPath, [PROGRAMS[name], ...args], {
    stdio: 'inherit',
    reject: false,
  });
  // Its arguments are all that policies can fail of: as a program of its own it ends with 1 for that.
  process.exitCode = name === 'policies' && exitCode === 1 ? EXIT.usage : exitCode;
}
