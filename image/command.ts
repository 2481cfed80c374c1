import {basename} from 'node:path';
import {ExecaError} from 'execa';
import {ignoreClosedPipes} from '../src/apps/cli/closed-pipe.ts';
import {EXIT, toFailure} from '../src/apps/cli/exit.ts';

/** Runs a command to its end; an error becomes a line on standard error and the exit code of `revideo-lambda`. */
export async function runCommand(run: () => Promise<void>): Promise<void> {
  ignoreClosedPipes();
  try {
    await run();
  } catch (thrown) {
    // A program that shares our terminal has said itself what is wrong.
    if (thrown instanceof ExecaError && thrown.stderr === undefined) {
      process.exitCode = EXIT.failed;
      process.stderr.write(`${howItEnded(thrown)}\n`);
      return;
    }
    const {line, defect, stack, exitCode} = toFailure(thrown);
    process.exitCode = exitCode;
    if (line !== undefined) process.stderr.write(`${line}\n`);
    if (defect) process.stderr.write(`${stack}\n`);
  }
}

/** Without the program's arguments: there may be secrets among them. */
function howItEnded({command, exitCode, signal, originalMessage}: ExecaError): string {
  const program = basename(command.split(' ')[0] ?? command);
  if (exitCode !== undefined) return `${program} ended with exit code ${exitCode}`;
  return signal ? `${program} was ended by ${signal}` : `${program} did not run: ${originalMessage}`;
}
