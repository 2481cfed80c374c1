import {type Command, Option} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {projectOption, typeCheckOption} from '../project-options.ts';

/** Declares `invoke`. */
export function invokeCommand(program: Command, interrupt: Interrupt): void {
  program
    .command('invoke')
    .description('send an event to the handler, here or on Lambda, and print its answer')
    .requiredOption('--event <file>', 'a JSON file, such as events/full-render.json')
    .addOption(projectOption())
    .addOption(typeCheckOption())
    .option('--storage <folder>', 'where films and chunks are kept', 'out')
    .addOption(
      new Option('--function <name>', 'a Lambda function, in place of this machine').conflicts([
        'project',
        'typeCheck',
        'storage',
      ]),
    )
    .option('--endpoint-url <url>', "a service other than AWS's own, such as the one serve starts")
    .option('--region <name>', 'the AWS region (default: as the AWS SDK finds it)')
    .option('--json', 'print the answer on one line')
    .option('--quiet', 'show no progress')
    .addHelpText('after', HELP)
    .action(async (options) =>
      (await import('../invoke.ts')).invoke({...options, ...program.opts()}, interrupt),
    );
}

const HELP = `
Examples:
  invoke --event events/full-render.json
  invoke --event events/check.json --function revideo-render`;
