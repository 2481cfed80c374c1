import {shownText} from '../../base/words.ts';
import {toFailure} from './exit.ts';
import {listenForSignals} from './interrupt.ts';
import {createProgram} from './program.ts';

const interrupt = listenForSignals();
const program = createProgram(interrupt);

try {
  await program.parseAsync();
} catch (thrown) {
  // Ctrl+C reaches the programs we run as well: whatever then failed, failed because of it.
  const failure = toFailure(interrupt.signal.aborted ? interrupt.signal.reason : thrown);
  if (failure.line) process.stderr.write(`${shownText(failure.line)}\n`);
  // A defect of ours is worth its stack; a mistake of the caller's is not.
  if (failure.line && (program.opts().verbose || failure.defect))
    process.stderr.write(`${shownText(failure.stack ?? '')}\n`);
  process.exitCode = failure.exitCode;
}
