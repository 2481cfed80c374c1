import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `open`. */
export function openCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('open')
    .description("show a film, or its report, in the system's viewer, and print its address")
    .argument('<jobId>', 'the job')
    .option('--report', 'the report of the job, in place of the film')
    .option('--print', 'print the address, and open nothing');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../open.ts')).open(jobId, options, interrupt));
}

const HELP = `
Examples:
  open my-job
  open my-job --report --bucket my-films
  open my-job --print --function revideo-render`;
