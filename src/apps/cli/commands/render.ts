import {type Command, Option} from 'commander';
import {eventOptions} from '../event-options.ts';
import type {Interrupt} from '../interrupt.ts';
import {missingFontsOption, projectOption, typeCheckOption} from '../project-options.ts';

/** Declares `render`. */
export function renderCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('render')
    .description('render a Revideo project on this machine, or have a function render its own')
    .addOption(projectOption())
    .addOption(typeCheckOption())
    .option('--out <file>', 'the finished film (default: <storage>/renders/<jobId>.mp4)')
    .option('--concurrency <n>', 'chunks drawn at the same time (default: one a core)')
    .addOption(missingFontsOption())
    .option('--json', 'print the result on one line, and nothing else on standard output')
    .option('--quiet', 'show no progress');
  eventOptions(command)
    .optionsGroup('Where it is rendered:')
    .option('--storage <folder>', 'where films and chunks are kept (default: out; with --out, a cache)')
    .addOption(
      new Option(
        '--function <name>',
        'a Lambda function, by name or ARN, in place of this machine',
      ).conflicts(['project', 'typeCheck', 'concurrency', 'storage', 'missingFonts']),
    )
    .option('--endpoint-url <url>', "a service other than AWS's own, such as the one serve starts")
    .option('--region <name>', 'the AWS region (default: as the AWS SDK finds it)')
    .option('--detach', 'with --function: do not wait; say how to watch it')
    .addHelpText('after', HELP)
    .action(async (options) =>
      (await import('../render.ts')).render({...options, ...program.opts()}, interrupt),
    );
}

const HELP = `
Examples:
  render --project my-project --workers 8 --variables '{"message": "hi"}' --out film.mp4
  render --function revideo-render --job-id monday --out film.mp4
  render --function revideo-render --endpoint-url http://127.0.0.1:9001

Ctrl+C asks whether to cancel the job; a second one leaves at once. Where there is no terminal, the first one stops
it. Finished chunks are kept for a day: the same command continues with them.`;
