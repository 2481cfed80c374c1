import {basename} from 'node:path';
import {ExecaError} from 'execa';
import {toRenderError} from '../src/base/errors.ts';

/** An error that only a command has, and no job: its name and its message are all that there is to say. */
export class CommandFailed extends Error {
  override readonly name: string;

  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** Runs a command to its end; an error becomes a line on standard error and an exit code. */
export async function runCommand(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    process.exitCode = 1;
    // A program that shares our terminal has said itself what is wrong.
    if (thrown instanceof ExecaError && thrown.stderr === undefined) {
      process.stderr.write(`${howItEnded(thrown)}\n`);
      return;
    }
    const error = thrown instanceof CommandFailed ? thrown : toRenderError(thrown);
    process.stderr.write(`${error.name}: ${error.message}\n`);
    if (error.name === 'Internal') process.stderr.write(`${error.stack}\n`);
  }
}

/** Without the program's arguments: there may be secrets among them. */
function howItEnded({command, exitCode, signal, originalMessage}: ExecaError): string {
  const program = basename(command.split(' ')[0] ?? command);
  if (exitCode !== undefined) return `${program} ended with exit code ${exitCode}`;
  return signal ? `${program} was ended by ${signal}` : `${program} did not run: ${originalMessage}`;
}
