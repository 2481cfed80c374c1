import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import {templateOf} from '../../../support/infra/template.ts';
import {scratch} from '../../../support/processes.ts';

/** Runs CDK as `npm run deploy` does, without an account, a region or a way to find them. */
const cdk = async (settings: object, ...args: string[]) => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)/.test(name));
  const quiet = {AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', HOME: scratch()};
  const handedOver = {INFRA_SETTINGS: JSON.stringify(settings)};
  const environment = {...Object.fromEntries(inherited), ...quiet, ...handedOver};
  return promisify(execFile)('../node_modules/.bin/cdk', args, {cwd: 'infra', env: environment});
};

// The one run of CDK's own program; it costs as much as all other tests of the template together.
it('cdk synth makes the template without an account; what npm run deploy hands over goes over the context', async () => {
  const out = scratch();
  const settings = {memory: '2048', env: {REVIDEO_ATTEMPTS: '5'}};
  // The last two are CDK's own, and no settings.
  const context = ['memory=4096', 'tmp=1024', 'cli-telemetry=false', 'acknowledged-issue-numbers=34892'];
  await cdk(
    settings,
    ...['synth', '--quiet', '--no-notices', '--output', out],
    ...context.flatMap((value) => ['--context', value]),
  );
  const template = JSON.parse(readFileSync(join(out, 'revideo-render.template.json'), 'utf8'));
  // Where the image comes from is a hash of the repository's files.
  const less = (made: unknown) => JSON.parse(JSON.stringify(made).replaceAll(/:[0-9a-f]{64}/g, ''));
  const same = templateOf({memory: 2048, tmp: 1024, env: {REVIDEO_ATTEMPTS: '5'}});
  expect(less(template)).toEqual(less(same.toJSON()));

  const assets = JSON.parse(readFileSync(join(out, 'revideo-render.assets.json'), 'utf8'));
  const [image] = Object.values(assets.dockerImages as Record<string, {source: object}>);
  expect(image?.source).toMatchObject({
    dockerFile: 'Dockerfile',
    dockerBuildArgs: {
      ...{BASE: 'revideo-lambda-base', PROJECT: 'revideo-project'},
      ...{TYPE_CHECK: 'warn', VITE_CONFIG: 'auto'},
    },
    platform: 'linux/amd64',
  });
});

it('a setting that cannot be is said in a line by the app that CDK starts', async () => {
  const context = {CDK_CONTEXT_JSON: JSON.stringify({memory: 'lots'})};
  const app = promisify(execFile)(process.execPath, ['app.ts'], {
    cwd: 'infra',
    env: {...process.env, ...context, CDK_OUTDIR: scratch()},
  });
  await expect(app).rejects.toMatchObject({
    code: 2,
    stderr: 'BadSetting: --memory is "lots"; it must be a whole number from 1024 to 10240.\n',
  });
});
