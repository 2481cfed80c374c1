import {Command} from 'commander';
import {DEFAULT_PROJECT, IS_INSTALLED, usageName} from '../image/root.ts';
import {refuseWrongUsage} from '../src/apps/cli/wrong-usage.ts';
import {RenderError} from '../src/base/errors.ts';
import type {SettingName} from './settings.ts';

const pairs = (pair: string, before: Record<string, string>): Record<string, string> => {
  const at = pair.indexOf('=');
  if (at < 1) throw new RenderError('BadSetting', `--env is ${JSON.stringify(pair)}; it must be NAME=value.`);
  return {...before, [pair.slice(0, at)]: pair.slice(at + 1)};
};

/** The options of a deployment. */
export type DeployOptions = Partial<Record<SettingName, unknown>> & {bootstrap?: boolean; yes?: boolean};

/** Where settings are kept for the next deployment. */
const KEEP = IS_INSTALLED
  ? 'keep the options in a script of your package.json, such as "deploy": "revideo-lambda deploy --memory 4096".'
  : 'write\nlasting settings into "context" of infra/cdk.json, by its name without hyphens, such as "concurrencyCap": 200.';

/** The command line of a deployment. */
export const deployCommand = new Command(usageName('deploy'))
  .usage('[options]')
  .description(
    'Creates or updates everything a film needs on AWS: bucket, image, function, role, log, alarms.\n' +
      `AWS_PROFILE or the usual AWS_ variables choose the account. An option that is left out has its default again: ${KEEP}`,
  )
  .option('--name <name>', 'names the function and its stack (default: revideo-render)')
  .option('--memory <mb>', '1024 to 10240; 1,769 MB bring one CPU (default: 3008)')
  .option('--timeout <seconds>', '60 to 900, for each invocation; longer jobs are handed over (default: 900)')
  .option('--tmp <mb>', '512 to 10240 of /tmp, for all chunks and the film at once (default: 2048)')
  .option('--architecture <name>', 'x86_64, the only one that the image is made for yet')
  .option(
    '--concurrency-cap <n>',
    'invocations at the same time, 2 or more, kept free for this function (default: what the account has)',
  )
  .option('--max-cost <dollars>', 'what a job may cost whose event does not say so (default: 5)')
  .option(
    '--project <path>',
    `the Revideo project: its folder, or its project file (default: ${DEFAULT_PROJECT})`,
  )
  .option(
    '--env <NAME=value>',
    'a variable of the function, such as REVIDEO_PRIVATE_HOSTS; can be repeated',
    pairs,
  )
  .option(
    '--public-renders',
    'makes finished films readable for everyone with their address (default: private)',
  )
  .option(
    '--cors-origins <list>',
    'sites whose scripts may read films, with commas between, such as https://films.example.com',
  )
  .option(
    '--outputs <list>',
    'where events may have films put, with commas between: bucket, bucket/prefix/, or /prefix/ of the own bucket',
  )
  .option('--event-bus <name>', 'an EventBridge bus that gets an event for each ended job, by name or ARN')
  .option('--function-url', 'an HTTPS address for the function; requests have to be signed (IAM)')
  .option('--alarm-email <address>', 'gets a mail for each alarm (default: no mail)')
  .option('--log-days <n>', 'for which the log is kept: 1, 3, 5, 7, 14, 30, 60, 90, … 365 (default: 30)')
  .option('--bootstrap', 'first prepare account and region for CDK: needed once')
  .option('--yes', 'do not ask before rights are changed');
refuseWrongUsage(deployCommand);
