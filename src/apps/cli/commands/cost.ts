import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `cost`. */
export function costCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('cost')
    .description('say what a job has cost, by part and by run')
    .argument('<jobId>', 'the job')
    .option('--json', 'all figures, on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../cost.ts')).cost(jobId, options, interrupt));
}

const HELP = `
Examples:
  cost my-job --function revideo-render
  cost my-job --bucket my-films --json

It is the sum of every invocation's billed time, and of the requests to Lambda and S3. Failed, doubled and handed-over
invocations count too. Prices are AWS's list prices (REVIDEO_PRICES, if yours differ). Storage of the film is not included.`;
