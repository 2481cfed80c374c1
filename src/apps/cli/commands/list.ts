import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';

/** Declares `list`. */
export function listCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('list')
    .description('show the jobs of a place, the newest first')
    .option('--limit <n>', 'how many at most, 1 to 1000', '20')
    .option('--json', 'as a JSON array, on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (options) => (await import('../list.ts')).list(options, interrupt));
}

const HELP = `
Examples:
  list
  list --bucket my-films --limit 100
  list --function revideo-render

Jobs are known for 30 days. With --function, the function's settings are asked for its bucket
(lambda:GetFunctionConfiguration), unless --bucket names it. A job is silent if it should be running, but has sent no
heartbeat for a minute.`;
