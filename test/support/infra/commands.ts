import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {scratch} from '../processes.ts';

/** A machine's contents: of AWS only what is in `aws`, and of programs those in `path`. */
export interface Machine {
  path?: string;
  aws?: NodeJS.ProcessEnv;
}

/** How a command ended, and what it said. */
export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of `infra/` on such a machine. */
export async function runInfra(
  command: 'deploy' | 'destroy',
  {args, machine: {path = '', aws = {}} = {}}: {args: string[]; machine?: Machine | undefined},
): Promise<Said> {
  const env = {PATH: path, HOME: scratch(), AWS_EC2_METADATA_DISABLED: 'true', ...aws};
  return promisify(execFile)(process.execPath, [`infra/${command}.ts`, ...args], {env}).then(
    (said) => ({code: 0, ...said}),
    ({code, stdout, stderr}) => ({code, stdout, stderr}),
  );
}
