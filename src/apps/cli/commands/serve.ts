import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {missingFontsOption, projectOption, typeCheckOption} from '../project-options.ts';

/** Declares `serve`. */
export function serveCommand(program: Command, {signal}: Interrupt): void {
  program
    .command('serve')
    .description("run the function behind Lambda's Invoke API on this machine")
    .option('--port <n>', 'where it listens, on 127.0.0.1; 0 takes a free one', '9001')
    .option('--name <name>', 'the name of the function', 'revideo-render')
    .addOption(projectOption())
    .addOption(typeCheckOption())
    .addOption(missingFontsOption())
    .option(
      '--storage <folder>',
      'where films and chunks are kept, unless REVIDEO_BUCKET_NAME names a bucket',
      'out',
    )
    .option('--concurrency <n>', 'invocations at the same time; one more is refused (default: cores + 1)')
    .option('--memory <mb>', 'the memory size that the function sees', '3008')
    .option('--timeout <seconds>', 'after which an invocation is killed', '900')
    .addHelpText('after', HELP)
    .action(async (options) => (await import('../serve.ts')).serve(options, signal));
}

const HELP = `
Every command with --function works on it:
  render --function revideo-render --endpoint-url http://127.0.0.1:9001`;
