import {execFile} from 'node:child_process';
import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';
import {SETTING_NAMES} from '../../infra/settings.ts';
import {scratch} from '../support/processes.ts';

/** What a machine has: nothing of AWS, and of programs those in `path`. */
const deploy = async (
  args: string[],
  {path = '', aws = {}}: {path?: string; aws?: NodeJS.ProcessEnv} = {},
) => {
  const env = {PATH: path, HOME: scratch(), AWS_EC2_METADATA_DISABLED: 'true', ...aws};
  const run = promisify(execFile)(process.execPath, ['infra/deploy.ts', ...args], {env});
  return run.then(
    (said) => ({code: 0, ...said}),
    ({code, stdout, stderr}) => ({code, stdout, stderr}),
  );
};

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
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^BadSetting: --memory is "1"; it must be a whole number from 1024 to 10240\.\n--env cannot be used: .*AWS_….*\n$/,
      ),
    });
    expect((await deploy(['--env', 'A'])).stderr).toBe('BadSetting: --env is "A"; it must be NAME=value.\n');
    expect((await deploy(['--memmory', '1'])).stderr).toMatch(/^BadSetting: unknown option '--memmory'/);
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

it('every setting is an option, in the help and in the README', async () => {
  const {stdout} = await deploy(['--help']);
  const table = readFileSync('README.md', 'utf8').split('| option of `deploy` |')[1]?.split('\n\n')[0];
  for (const name of SETTING_NAMES) {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    expect(stdout).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
    expect(table).toMatch(new RegExp(`^\\| \`${option}\\b`, 'm'));
  }
});
