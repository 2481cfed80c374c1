import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {SETTING_NAMES} from '../../../infra/settings.ts';
import {startAws} from '../../support/infra/aws.ts';
import {type Machine, runInfra} from '../../support/infra/commands.ts';
import {scratch} from '../../support/processes.ts';

const deploy = (args: string[], machine?: Machine) => runInfra('deploy', {args, machine});

/** A folder with a program that does what a shell script says. */
function program(name: string, script: string): string {
  const folder = scratch();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

describe('npm run deploy says at once what is in its way', () => {
  it('settings that cannot be, each in a line', async () => {
    expect(await deploy(['--memory', '1', '--env', 'A=1', '--env', 'AWS_REGION=b'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^BadSetting: --memory is "1"; it must be a whole number from 1024 to 10240\.\n--env cannot be used: .*AWS_….*\n$/,
      ),
    });
    expect((await deploy(['--env', 'A'])).stderr).toBe('BadSetting: --env is "A"; it must be NAME=value.\n');
    expect(await deploy(['--memmory', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^BadSetting: unknown option '--memmory'/),
    });
    expect(await deploy(['--help'])).toMatchObject({code: 0, stderr: ''});
  });

  it('a folder without a project', async () => {
    expect((await deploy(['--project', 'docs'])).stderr).toMatch(/^ProjectNotFound: .*docs/);
  });

  it('no docker and no podman', async () => {
    const {code, stderr} = await deploy([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ToolMissing: .* docker: .*ENOENT.*; podman: .*ENOENT.*\n$/);
  });

  it('a docker that does not work, in its own words', async () => {
    const path = program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect((await deploy([], {path})).stderr).toContain(
      'docker: Cannot connect to the Docker daemon; podman: ',
    );
  });

  it('no region, no credentials', async () => {
    const path = program('podman', 'exit 0');
    expect((await deploy([], {path})).stderr).toBe(
      'BadSetting: There is no AWS region. Set AWS_REGION, or AWS_PROFILE to a profile that has one.\n',
    );
    const {stderr} = await deploy([], {path, aws: {AWS_REGION: 'eu-central-1'}});
    expect(stderr).toMatch(/^BadSetting: AWS does not know who you are\. Set AWS_PROFILE, or /);
  });
});

it('every setting is an option, in the help and in the documentation', async () => {
  const {stdout} = await deploy(['--help']);
  const table = readFileSync('docs/deploy-to-aws.md', 'utf8')
    .split('| option of `deploy` |')[1]
    ?.split('\n\n')[0];
  for (const name of SETTING_NAMES) {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    expect(stdout).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
    expect(table).toMatch(new RegExp(`^\\| \`${option}\\b`, 'm'));
  }
});

it('a secret of the function is in no message and in no argument when CDK fails', async () => {
  const aws = await startAws((action) =>
    action === 'DescribeStacks' ? {stack: {StackName: 'CDKToolkit'}} : undefined,
  );
  onTestFinished(() => aws.close());
  const folder = program('docker', 'exit 0');
  // Whatever of Node is started tells its arguments.
  const log = join(folder, 'arguments.log');
  const tell = `require('node:fs').appendFileSync(${JSON.stringify(log)}, process.argv.join(' ') + '\\n');`;
  writeFileSync(join(folder, 'tell.cjs'), tell);
  const path = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const secret = 'hush-hush-hush-hush';
  const {code, stdout, stderr} = await deploy(['--yes', '--env', `REVIDEO_HTTP_SECRET=${secret}`], {
    path,
    aws: {...aws.environment, NODE_OPTIONS: `--require=${join(folder, 'tell.cjs')}`},
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/\ncdk ended with exit code 1\n$/);
  expect(stdout + stderr).not.toContain(secret);

  expect(existsSync(log)).toBe(true);
  const others = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => !line.includes('infra/deploy.ts'));
  expect(others.join('\n')).toMatch(/cdk deploy --method direct/);
  expect(others.join('\n')).not.toContain(secret);
});
