import {ignoreClosedPipes} from './closed-pipe.ts';
import {listenForSignals} from './interrupt.ts';
import {runProgram} from './run-program.ts';

ignoreClosedPipes();
const exitCode = await runProgram(process.argv.slice(2), listenForSignals());
// A command that ends well may have set a code of its own.
process.exitCode ||= exitCode;
