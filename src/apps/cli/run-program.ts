import {shownText} from '../../base/words.ts';
import {EXIT, toFailure} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {createProgram} from './program.ts';

/**
 * Runs the command line with these arguments, without `node` and the program's name.
 * Returns the exit code and never rejects: an error becomes a line on standard error.
 */
export async function runProgram(args: readonly string[], interrupt: Interrupt): Promise<number> {
  const program = createProgram(interrupt);
  try {
    await program.parseAsync(args, {from: 'user'});
    return EXIT.done;
  } catch (thrown) {
    // Ctrl+C also reaches the programs that a command runs: what fails after it failed because of it.
    const failure = toFailure(interrupt.signal.aborted ? interrupt.signal.reason : thrown);
    if (failure.line) process.stderr.write(`${shownText(failure.line)}\n`);
    // The stack helps with a defect of ours, not with a mistake of the caller.
    if (failure.line && (program.opts().verbose || failure.defect))
      process.stderr.write(`${shownText(failure.stack ?? '')}\n`);
    return failure.exitCode;
  }
}
