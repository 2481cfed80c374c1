import type {Command} from 'commander';
import {placeOptions} from '../options.ts';

/** Declares `logs`. */
export function logsCommand(program: Command): void {
  const command = program
    .command('logs')
    .description('say where the logs of a job are: links into CloudWatch, or this machine')
    .argument('<jobId>', 'the job')
    .option('--hours <n>', 'how far back the links look', '24')
    .option('--json', 'as a JSON object, on one line');
  placeOptions(command)
    .addHelpText('after', HELP)
    .action(async (jobId, options) => (await import('../logs.ts')).logs(jobId, options));
}

const HELP = `
Examples:
  logs my-job --function revideo-render --region eu-central-1
  logs my-job`;
