import {fileURLToPath} from 'node:url';
import {execa} from 'execa';

/** The programs behind the commands that build, deploy and remove. They read their own arguments. */
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
  process.exitCode = exitCode;
}
