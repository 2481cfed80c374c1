import {existsSync, readdirSync} from 'node:fs';
import type {EnvironmentState} from '../../../local-lambda/service.ts';
import {runs} from '../../support/processes.ts';
import type {Scene} from './scene.ts';
import {processesOf} from './tidy.ts';
import {appears} from './within.ts';

/** What makes drawing take long enough to be met in its middle. */
export const SLOWLY = {slow: 40};

/** The chunk that most rows disturb, and its bytes, of a film in 3 chunks. */
export const VICTIM = 1;
export const BYTES = /^chunks\/\w+\/15-30\.h264$/;
/** The record without which a chunk does not count. */
export const RECORD = /^chunks\/\w+\/15-30\.json$/;

/** Ends an environment's first process as the kernel does when memory is short. Lambda then ends the rest of it. */
export async function kill({service}: Scene, {pid}: EnvironmentState): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await appears('the environment to end', () => {
    return service.environments().every((environment) => environment.pid !== pid) || undefined;
  });
}

/** Waits until an environment has begun to write its chunk, which it does when its page draws. */
export async function drawing(environment: EnvironmentState): Promise<EnvironmentState> {
  const {temporaryDirectory} = environment;
  await appears('a worker to draw', () => {
    if (!existsSync(temporaryDirectory)) throw new Error('The worker ended before it was seen to draw.');
    const files = readdirSync(temporaryDirectory, {recursive: true}).map(String);
    return files.some((name) => /^revideo-lambda-\w+\/\d+-\d+\.h264$/.test(name)) || undefined;
  });
  return environment;
}

/** Kills the first process below an environment's whose command line matches; waits until there is one. */
export async function killBelow(environment: EnvironmentState, command: RegExp): Promise<void> {
  const pid = await appears(`a process ${command}`, () => processesOf(environment, command)[0]);
  process.kill(pid, 'SIGKILL');
}

/** Stops every process of an environment until `over` resolves: it hangs, and nobody is told. */
export async function freeze(environment: EnvironmentState, over: Promise<unknown>): Promise<void> {
  const members = [environment.pid, ...processesOf(environment, /./)];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of members) if (runs(pid)) process.kill(pid, name);
  };
  signal('SIGSTOP');
  await over.finally(() => signal('SIGCONT'));
}
