import {ExecaError} from 'execa';
import {toRenderError} from '../src/errors.ts';

/** Runs a command to its end; an error becomes a line on standard error and an exit code. */
export async function runCommand(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    process.exitCode = 1;
    // A program that shares our terminal has said itself what is wrong.
    if (thrown instanceof ExecaError && thrown.stderr === undefined) {
      process.stderr.write(`${thrown.shortMessage}\n`);
      return;
    }
    const error = toRenderError(thrown);
    process.stderr.write(`${error.name}: ${error.message}\n`);
    if (error.name === 'Internal') process.stderr.write(`${error.stack}\n`);
  }
}
