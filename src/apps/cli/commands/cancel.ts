import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `cancel`. */
export function cancelCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('cancel')
    .description('stop a job for good, so that its name cannot be rendered again')
    .argument('<jobId>', 'the job')
    .option('--force', 'also cancel a job that has not started; its name is blocked for 30 days')
    .option('--json', 'print the answer on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../cancel.ts')).cancel(jobId, options, interrupt));
}

const HELP = `
Examples:
  cancel my-job
  cancel my-job --function revideo-render

A finished film stays. A job that has not started is an error (exit code 1) without --force.`;
