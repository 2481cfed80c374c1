import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Command} from 'commander';
import {execa} from 'execa';
import {runCommand} from '../image/command.ts';
import {bringIn} from '../image/project.ts';
import {BASE_IMAGE, ROOT} from '../image/root.ts';
import {RenderError} from '../src/base/errors.ts';
import {isBootstrapped, surroundings} from './aws.ts';
import {findBuilder} from './builder.ts';
import {HANDED_OVER, ownContext, readSettings, SETTING_NAMES, type SettingName} from './settings.ts';

const pairs = (pair: string, before: Record<string, string>): Record<string, string> => {
  const at = pair.indexOf('=');
  if (at < 1) throw new RenderError('BadSetting', `--env is ${JSON.stringify(pair)}; it must be NAME=value.`);
  return {...before, [pair.slice(0, at)]: pair.slice(at + 1)};
};

type Options = Partial<Record<SettingName, unknown>> & {bootstrap?: boolean; yes?: boolean};

const command = new Command('npm run deploy --')
  .usage('[options]')
  .description(
    'Creates or updates everything a film needs on AWS: bucket, image, function, role, log, alarms.\n' +
      'Where: AWS_PROFILE or the usual AWS_ variables say. An option that is left out has its default again: write\n' +
      'what is to stay into "context" of infra/cdk.json, by its name without hyphens, such as "concurrencyCap": 200.',
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
    'the Revideo project: its folder, or its project file (default: revideo-project)',
  )
  .option(
    '--env <NAME=value>',
    'a variable of the function, such as REVIDEO_PRIVATE_HOSTS; can be repeated',
    pairs,
  )
  .option('--public-renders', 'anybody may read finished films who knows their address (default: nobody may)')
  .option(
    '--cors-origins <list>',
    'sites whose scripts may read films, with commas between, such as https://films.example.com',
  )
  .option(
    '--outputs <list>',
    'where events may have films put, with commas between: bucket, bucket/prefix/, or /prefix/ of the own bucket',
  )
  .option('--event-bus <name>', 'a bus of EventBridge that is told of jobs that have ended, by name or ARN')
  .option('--function-url', 'an HTTPS address for the function; requests have to be signed (IAM)')
  .option('--alarm-email <address>', 'who is told of alarms (default: the console alone)')
  .option('--log-days <n>', 'for which the log is kept: 1, 3, 5, 7, 14, 30, 60, 90, … 365 (default: 30)')
  .option('--bootstrap', 'first prepare account and region for CDK: needed once')
  .option('--yes', 'do not ask before rights are changed')
  .showHelpAfterError('(add --help for what is allowed)')
  .configureOutput({outputError: (text, write) => write(text.replace(/^error:/, 'BadSetting:'))});

await runCommand(async () => {
  const options = command.parse().opts<Options>();
  const given: Partial<Record<SettingName, unknown>> = {};
  for (const name of SETTING_NAMES) if (options[name] !== undefined) given[name] = options[name];
  if (typeof given.project === 'string') given.project = await bringIn(given.project);
  const {context} = JSON.parse(await readFile(join(ROOT, 'infra/cdk.json'), 'utf8'));
  const settings = readSettings({...ownContext(context), ...given});

  const builder = await findBuilder();
  const {account, region} = await surroundings();
  if (!options.bootstrap && !(await isBootstrapped()))
    throw new RenderError(
      'BadSetting',
      `Account ${account} is not prepared for CDK in ${region}. Add --bootstrap, once: it makes the stack CDKToolkit, with a bucket, a registry and roles for deployments.`,
    );

  const cdk = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    execa('cdk', args, {
      ...{cwd: join(ROOT, 'infra'), preferLocal: true, localDir: ROOT, stdio: 'inherit'},
      env: {
        CDK_DOCKER: builder,
        AWS_REGION: region,
        [HANDED_OVER]: JSON.stringify(given),
        // Facts about this deployment go to no other party.
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // Lambda refuses an image with attestations beside it.
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
        ...more,
      },
    });
  process.stderr.write(`Function ${settings.name} goes to account ${account}, ${region}.\n`);
  if (options.bootstrap) await cdk(['bootstrap', `aws://${account}/${region}`]);
  // Both images by the same program: each keeps its own.
  await execa(process.execPath, ['image/build.ts', '--base-only', '--tool', builder], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const base = await execa(builder, ['image', 'inspect', '--format', '{{.Id}}', BASE_IMAGE], {reject: false});
  // Direct: there is no review of a change set before it runs.
  const how = ['--method', 'direct', ...(options.yes ? ['--require-approval', 'never'] : [])];
  await cdk(['deploy', ...how], {BASE_IMAGE_ID: base.stdout ?? ''});
});
