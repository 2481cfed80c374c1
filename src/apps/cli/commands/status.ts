import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `status`. */
export function statusCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('status')
    .description('say how far a job is, or how it ended')
    .argument('<jobId>', 'the job')
    .option('--json', 'print the answer on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../status.ts')).status(jobId, options, interrupt));
}

const HELP = `
Examples:
  status my-job
  status my-job --function revideo-render
  status my-job --bucket my-films`;
