import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `doctor`. */
export function doctorCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('doctor')
    .description('try out what rendering needs, and say what is wrong and how to mend it')
    .option(
      '--project <path>',
      'a project: say which Revideo renders it, and find addresses that it may not reach',
    )
    .option('--json', 'as a JSON array, on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (options) => (await import('../doctor.ts')).doctor(options, interrupt));
}

const HELP = `
Examples:
  doctor
  doctor --project my-project
  doctor --bucket my-films --function revideo-render
  doctor --function revideo-render --endpoint-url http://127.0.0.1:9001

Without --bucket and --function, only this machine is tried. The exit code is 1 if something is broken.`;
