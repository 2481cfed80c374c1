import {setTimeout as sleep} from 'node:timers/promises';
import type {EnvironmentState} from '../../../local-lambda/service.ts';
import {runs} from '../../support/processes.ts';
import type {Trap} from './proxy.ts';
import type {Scene} from './scene.ts';
import {processesOf} from './tidy.ts';
import {appears} from './within.ts';

/** Makes drawing slow enough to be hit in its middle. */
export const SLOWLY = {slow: 100};

/** The chunk that most rows disturb, and its pack, of a film in 3 chunks. */
export const VICTIM = 1;
export const PACK = /^chunks\/\w+\/15-30\.pack$/;

/** Ends an environment's first process as the kernel does when memory is short. Lambda then ends the rest of it. */
export async function kill({service}: Scene, {pid}: EnvironmentState): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await appears('the environment to end', () => {
    return service.environments().every((environment) => environment.pid !== pid) || undefined;
  });
}

/** Kills the job's orchestrator once a trap has caught what tells the moment. */
export async function killOrchestrator(scene: Scene, {met}: Trap): Promise<void> {
  await met;
  await kill(scene, await scene.orchestrator());
}

/** Kills the victim's worker once a trap has caught what tells the moment. */
export async function killWorker(scene: Scene, {met}: Trap): Promise<void> {
  await met;
  await kill(scene, await scene.worker(VICTIM));
}

/** Milliseconds after the start of its encoder in which a worker has drawn its first frames, but far from all. */
const FIRST_FRAMES = 250;

/** Waits until an environment's worker draws. */
export async function drawing(environment: EnvironmentState): Promise<EnvironmentState> {
  await appears('a worker to draw', () => processesOf(environment, /yuv4mpegpipe/)[0]);
  await sleep(FIRST_FRAMES);
  return environment;
}

/** Kills the processes below an environment's whose command line matches; waits until there is one. */
export async function killBelow(environment: EnvironmentState, command: RegExp): Promise<void> {
  await appears(`a process ${command}`, () => processesOf(environment, command)[0]);
  for (const pid of processesOf(environment, command)) process.kill(pid, 'SIGKILL');
}

/**
 * Stops every process of an environment until `over` resolves: it hangs, and no other process is notified.
 */
export async function freeze(environment: EnvironmentState, over: Promise<unknown>): Promise<void> {
  const members = [environment.pid, ...processesOf(environment, /./)];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of members) if (runs(pid)) process.kill(pid, name);
  };
  signal('SIGSTOP');
  await over.finally(() => signal('SIGCONT'));
}
