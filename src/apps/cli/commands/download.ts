import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `download`. */
export function downloadCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('download')
    .description('fetch the film of a finished job into a file')
    .argument('<jobId>', 'the job')
    .argument('[file]', 'the file (default: as the film is called)')
    .option('--json', 'print the answer on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, file, options) =>
      (await import('../download.ts')).download(jobId, file, {options, interrupt}),
    );
}

const HELP = `
Examples:
  download my-job film.mp4 --function revideo-render
  download my-job --bucket my-films`;
