import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {runCommand} from '../image/command.ts';
import {HANDED_CONTEXT, openContext} from '../image/context.ts';
import {bringIn} from '../image/project.ts';
import {BASE_IMAGE, DEFAULT_PROJECT, IS_INSTALLED, ROOT} from '../image/root.ts';
import {RenderError} from '../src/base/errors.ts';
import {isBootstrapped, surroundings} from './aws.ts';
import {findBuilder} from './builder.ts';
import {requireCdk} from './cdk-packages.ts';
import {type DeployOptions, deployCommand} from './deploy-command.ts';
import {HANDED_OVER, ownContext, readSettings, SETTING_NAMES, type SettingName} from './settings.ts';

const BUILD = fileURLToPath(new URL('../image/build.ts', import.meta.url));

/** The settings that a deployment names, with the project as the image's build sees it. */
async function settingsGiven(
  options: DeployOptions,
  root: string,
): Promise<Partial<Record<SettingName, unknown>>> {
  const given: Partial<Record<SettingName, unknown>> = {};
  for (const name of SETTING_NAMES) if (options[name] !== undefined) given[name] = options[name];
  if (IS_INSTALLED) given.project ??= DEFAULT_PROJECT;
  if (typeof given.project === 'string') given.project = await bringIn(given.project, {root});
  return given;
}

async function deploy(options: DeployOptions, root: string): Promise<void> {
  const given = await settingsGiven(options, root);
  const {context} = JSON.parse(await readFile(join(ROOT, 'infra/cdk.json'), 'utf8'));
  const settings = readSettings({...ownContext(context), ...given});

  requireCdk();
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
        [HANDED_CONTEXT]: root,
        // Facts about this deployment go to no other party.
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // Lambda refuses an image with attestations beside it.
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
        ...more,
      },
    });
  // In the repository, cdk.json names the folder.
  const output = IS_INSTALLED ? ['--output', join(dirname(root), 'cdk.out')] : [];
  process.stderr.write(`Function ${settings.name} goes to account ${account}, ${region}.\n`);
  if (options.bootstrap) await cdk(['bootstrap', `aws://${account}/${region}`, ...output]);
  // Both images by the same program: each keeps its own.
  await execa(process.execPath, [BUILD, '--base-only', '--tool', builder], {
    ...{cwd: root, stdio: 'inherit'},
    env: {[HANDED_CONTEXT]: root},
  });
  const base = await execa(builder, ['image', 'inspect', '--format', '{{.Id}}', BASE_IMAGE], {reject: false});
  // Direct: there is no review of a change set before it runs.
  const how = ['--method', 'direct', ...(options.yes ? ['--require-approval', 'never'] : [])];
  await cdk(['deploy', ...how, ...output], {BASE_IMAGE_ID: base.stdout ?? ''});
}

await runCommand(async () => {
  const options = deployCommand.parse().opts<DeployOptions>();
  const {root, close} = openContext();
  try {
    await deploy(options, root);
  } finally {
    close();
  }
});
