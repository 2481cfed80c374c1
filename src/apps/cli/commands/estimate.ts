import type {Command} from 'commander';
import {QUALITIES} from '../../../model/quality.ts';
import type {Interrupt} from '../interrupt.ts';
import {placeOptions} from '../options.ts';
import {projectOption} from '../project-options.ts';

/** Declares `estimate`. */
export function estimateCommand(program: Command, interrupt: Interrupt): void {
  const command = program
    .command('estimate')
    .description('say what a film would take and cost on Lambda, by workers and memory')
    .addOption(projectOption())
    .option('--frames <n>', 'a film of this many frames, in place of a project')
    .option('--variables <json>', 'variables of the project, as a JSON object')
    .option('--quality <name>', `how the picture is compressed: ${QUALITIES.join(', ')}`, 'cheapest')
    .option('--memory <mb,...>', 'sizes of memory', '3008')
    .option('--workers <n,...>', 'numbers of workers (default: some from 1 to 200)')
    .option('--architecture <name>', 'x86_64 or arm64', 'x86_64')
    .option('--json', 'all figures, on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (options) => (await import('../estimate.ts')).estimate(options, interrupt));
}

const HELP = `
Examples:
  estimate --project my-project
  estimate --frames 9000 --memory 1769,3008,10240
  estimate --project my-project --function revideo-render

Past jobs of the place (a folder, a bucket, a function's bucket) say how long frames take. Without past jobs, the estimate
uses the measurements of bench/README.md. Prices are those of --region, or AWS_REGION.`;
