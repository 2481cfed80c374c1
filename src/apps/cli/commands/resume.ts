import {type Command, Option} from 'commander';
import type {Interrupt} from '../interrupt.ts';
import {missingFontsOption, projectOption, typeCheckOption} from '../project-options.ts';

/** Declares `resume`. */
export function resumeCommand(program: Command, interrupt: Interrupt): void {
  program
    .command('resume')
    .description('send the event of a failed or dead job again, and use its finished chunks')
    .argument('<jobId>', 'the job')
    .option('--event <file>', 'the event of the job, if no run has a record of it')
    .addOption(projectOption())
    .addOption(typeCheckOption())
    .addOption(missingFontsOption())
    .option('--out <file>', 'the finished film (default: <storage>/renders/<jobId>.mp4)')
    .option('--concurrency <n>', 'chunks drawn at the same time (default: one a core)')
    .option('--max-cost <dollars>', 'the highest cost on Lambda, all runs together')
    .option('--json', 'print the result on one line')
    .option('--quiet', 'show no progress')
    .optionsGroup('Where the job is:')
    .option(
      '--storage <folder>',
      'a folder of this machine; with --function, the one its service keeps films in',
    )
    .addOption(
      new Option('--function <name>', 'the Lambda function that renders it, by name or ARN').conflicts([
        'project',
        'typeCheck',
        'concurrency',
        'missingFonts',
      ]),
    )
    .addOption(
      new Option('--bucket <name>', 'with --function: its bucket, where Lambda may not tell').conflicts(
        'storage',
      ),
    )
    .option('--endpoint-url <url>', "a service other than AWS's own, such as the one serve starts")
    .option('--region <name>', 'the AWS region (default: as the AWS SDK finds it)')
    .addHelpText('after', HELP)
    .action(async (jobId, options) =>
      (await import('../resume.ts')).resume(jobId, {...options, ...program.opts()}, interrupt),
    );
}

const HELP = `
Examples:
  resume my-job
  resume my-job --function revideo-render
  resume my-job --function revideo-render --max-cost 10
  resume my-job --event events/full-render.json

A job of this machine continues with the project that it was begun with, from any folder; --project names another one.
A job that is finished is printed as it is; one that was cancelled stays so (exit code 3).
After a failed job has notified its webhook, no record holds the webhook. To notify it of this end as well, send the
whole event again, with --event <file>.`;
