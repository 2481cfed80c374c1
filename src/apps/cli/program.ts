import {Command} from 'commander';
import {VERSION} from '../../base/version.ts';
import {cancelCommand} from './commands/cancel.ts';
import {checkDeploymentCommand} from './commands/check-deployment.ts';
import {costCommand} from './commands/cost.ts';
import {doctorCommand} from './commands/doctor.ts';
import {downloadCommand} from './commands/download.ts';
import {estimateCommand} from './commands/estimate.ts';
import {initCommand} from './commands/init.ts';
import {invokeCommand} from './commands/invoke.ts';
import {listCommand} from './commands/list.ts';
import {logsCommand} from './commands/logs.ts';
import {openCommand} from './commands/open.ts';
import {deployCommand, destroyCommand, imageCommand, policiesCommand} from './commands/programs.ts';
import {renderCommand} from './commands/render.ts';
import {resumeCommand} from './commands/resume.ts';
import {serveCommand} from './commands/serve.ts';
import {statusCommand} from './commands/status.ts';
import {watchCommand} from './commands/watch.ts';
import type {Interrupt} from './interrupt.ts';
import {refuseWrongUsage} from './wrong-usage.ts';

/** Declares a command. Its action is loaded when it is called, so that help shows at once. */
export type DeclareCommand = (program: Command, interrupt: Interrupt) => void;

/** Every command, by the heading of the help it stands under. */
const GROUPS: Record<string, readonly DeclareCommand[]> = {
  'Render:': [renderCommand, resumeCommand, invokeCommand, serveCommand],
  'Jobs:': [statusCommand, watchCommand, listCommand, cancelCommand],
  'Films:': [downloadCommand, openCommand],
  'Money:': [costCommand, estimateCommand],
  'Set up and look after:': [initCommand, doctorCommand, checkDeploymentCommand, logsCommand],
  'Onto AWS:': [imageCommand, deployCommand, destroyCommand, policiesCommand],
};

/** The command line, with nothing run yet. Throws commander's own errors in place of ending the process. */
export function createProgram(interrupt: Interrupt): Command {
  const program = new Command('revideo-lambda')
    .description('Renders Revideo films in parallel, on this machine or on AWS Lambda.')
    .version(VERSION)
    .option('--verbose', 'show what the project writes to the console, and where an error was thrown')
    .addHelpText('after', HELP);
  refuseWrongUsage(program);
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading);
    for (const declare of commands) declare(program, interrupt);
  }
  return program;
}

const HELP = `
Where a job is, for every command about one:
  --storage <folder>   a job of this machine, in this folder (default: out)
  --bucket <name>      read from a bucket of S3, without the function
  --function <name>    answered by this Lambda function; with --endpoint-url, by the local service

Examples:
  revideo-lambda render --project my-project --workers 8 --out film.mp4
  revideo-lambda render --function revideo-render --variables '{"message": "hi"}' --out film.mp4
  revideo-lambda watch my-job --function revideo-render
  revideo-lambda list --bucket my-films
  revideo-lambda doctor

Exit codes:
    0  done                      4  detached: the job goes on
    1  failed, or broken       124  a time limit was reached
    2  wrong usage             130  stopped by Ctrl+C or a signal
    3  the job was cancelled

The result is on standard output, all else on standard error.`;
