import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {EXIT} from './exit.ts';

const PROGRAM = fileURLToPath(new URL('../../../infra/policies.ts', import.meta.url));

/** Prints the policies that a deployment by hand needs: what `npm run policies` does, with the same arguments. */
export async function policies(args: readonly string[]): Promise<void> {
  const {exitCode = 1} = await execa(process.execPath, [PROGRAM, ...args], {stdio: 'inherit', reject: false});
  // Its arguments are all it can fail of: as a program of its own it ends with 1 for that.
  process.exitCode = exitCode === 1 ? EXIT.usage : exitCode;
}
