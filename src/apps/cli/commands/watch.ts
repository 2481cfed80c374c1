import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `watch`. */
export function watchCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('watch')
    .description('show a job until its end; the exit code says how it ended')
    .argument('<jobId>', 'the job')
    .option('--patience <seconds>', 'how long to wait for a run that starts or continues the job', '30')
    .option('--json', 'each change as a line of JSON, the result last')
    .option('--quiet', 'show only the result');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../watch.ts')).watch(jobId, options, interrupt));
}

const HELP = `
Examples:
  watch my-job
  watch my-job --function revideo-render
  watch my-job --bucket my-films --json

Ctrl+C asks whether to cancel the job or to let it go on (exit code 4); a second one leaves at once (130).`;
