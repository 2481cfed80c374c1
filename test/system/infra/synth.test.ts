import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import {templateOf} from '../../support/infra/template.ts';
import {scratch} from '../../support/processes.ts';

/** Runs CDK as `npm run deploy` does, without an account, a region or a way to find them. */
const cdk = (...args: string[]) => cdkWith({}, ...args);
const cdkWith = async (settings: object, ...args: string[]) => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)/.test(name));
  const quiet = {AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', HOME: scratch()};
  const handedOver = {INFRA_SETTINGS: JSON.stringify(settings)};
  const environment = {...Object.fromEntries(inherited), ...quiet, ...handedOver};
  return promisify(execFile)('../node_modules/.bin/cdk', args, {cwd: 'infra', env: environment});
};

it('cdk synth makes the template without an account', async () => {
  const out = scratch();
  await cdk('synth', '--quiet', '--no-notices', '--output', out, '--context', 'memory=4096');
  const template = JSON.parse(readFileSync(join(out, 'revideo-render.template.json'), 'utf8'));
  // Where the image comes from is a hash of the repository's files.
  const less = (made: unknown) => JSON.parse(JSON.stringify(made).replaceAll(/:[0-9a-f]{64}/g, ''));
  expect(less(template)).toEqual(less(templateOf({memory: 4096}).toJSON()));

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

it("what npm run deploy hands over goes over the context, and what is CDK's own there is no setting", async () => {
  const out = scratch();
  const settings = {memory: '2048', env: {REVIDEO_ATTEMPTS: '5'}};
  const context = ['memory=4096', 'tmp=1024', 'cli-telemetry=false', 'acknowledged-issue-numbers=34892'];
  await cdkWith(
    settings,
    ...['synth', '--quiet', '--no-notices', '--output', out],
    ...context.flatMap((value) => ['--context', value]),
  );
  const {Resources} = JSON.parse(readFileSync(join(out, 'revideo-render.template.json'), 'utf8'));
  const made = Object.values(Resources as Record<string, {Type: string; Properties: object}>);
  expect(made.find(({Type}) => Type === 'AWS::Lambda::Function')?.Properties).toMatchObject({
    MemorySize: 2048,
    EphemeralStorage: {Size: 1024},
    Environment: {Variables: {REVIDEO_ATTEMPTS: '5'}},
  });
});

it('a setting that cannot be is said in a line', async () => {
  const failed = await cdk('synth', '--quiet', '--output', scratch(), '--context', 'memory=lots').catch(
    (error) => error,
  );
  expect(failed.stderr).toContain(
    'BadSetting: --memory is "lots"; it must be a whole number from 1024 to 10240.\n',
  );
  expect(failed.code).toBe(1);
});
