import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `cancel`. */
export function cancelCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('cancel')
    .description('stop a job for good, so that nobody can render under its name again')
    .argument('<jobId>', 'the job')
    .option('--json', 'print it on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../cancel.ts')).cancel(jobId, options, interrupt));
}

const HELP = `
Examples:
  cancel my-job
  cancel my-job --function revideo-render

A finished film stays.`;
