import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `watch`. */
export function watchCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('watch')
    .description('show how far a job is until its end; the exit code says what became of it')
    .argument('<jobId>', 'the job')
    .option('--patience <seconds>', 'how long somebody may take to begin the job, or to go on with it', '30')
    .option('--json', 'each change as a line of JSON, the result last')
    .option('--quiet', 'show nothing but the result');
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
