import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';

/** The code of a function as a container image, and what is there to run it. */
export interface ContainerImage {
  /** A name that `tool` knows. */
  readonly image: string;
  readonly tool: 'docker' | 'podman';
  /** Megabytes of /tmp, 512 to 10,240 (Lambda quotas, "/tmp directory storage"). */
  readonly tmpMb: number;
  /** Numbers of the user and group that it runs as; by default a user that no image knows. */
  readonly user?: string | undefined;
}

/** The settings of one container. */
export interface ContainerOptions extends ContainerImage {
  /** The container's own name, unlike all others. */
  readonly name: string;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** The user that Lambda has run functions as: neither root nor a user that an image knows. */
const USER = '993:990';
/** Open files, and processes and threads, of one environment (Lambda quotas, "File descriptors", "Execution processes/threads"). */
const LIMIT = 1024;

/**
 * The command that runs an image as Lambda does: nothing can be written but /tmp, no rights, no shared memory, Lambda's
 * limits. The network is this machine's, since the Runtime API listens on its loopback.
 */
export const containerCommand = ({
  image,
  tool,
  tmpMb,
  user = USER,
  name,
  memoryMb,
  variables,
}: ContainerOptions): [program: string, ...args: string[]] => [
  tool,
  ...['run', '--rm', '--name', name, '--network', 'host', '--pull', 'never'],
  ...['--read-only', '--user', user, '--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
  ...['--tmpfs', `/tmp:rw,size=${tmpMb}m,mode=1777`, '--shm-size', '64k'],
  // The same for memory and swap: no swap.
  ...['--memory', `${memoryMb}m`, '--memory-swap', `${memoryMb}m`],
  // The kernel counts a user's processes over all containers: pids is the one that bounds each.
  ...['--ulimit', `nofile=${LIMIT}:${LIMIT}`, '--ulimit', 'nproc=16384:16384', '--pids-limit', String(LIMIT)],
  ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
  image,
];

/** Milliseconds in which a container has to be there. */
const START_MILLISECONDS = 60_000;

/** The process that a container began with, as this machine numbers it; undefined if there is none, or `gone` says so. */
export async function containerProcess(
  {tool, name}: Pick<ContainerOptions, 'tool' | 'name'>,
  gone: () => boolean,
): Promise<number | undefined> {
  const until = performance.now() + START_MILLISECONDS;
  while (!gone() && performance.now() < until) {
    const {stdout} = await execa(tool, ['inspect', '--format', '{{.State.Pid}}', name], {reject: false});
    if (Number(stdout) > 0) return Number(stdout);
    await sleep(50);
  }
  return undefined;
}

/** Ends a container and removes it; one that is gone is fine. */
export async function removeContainer({tool, name}: Pick<ContainerOptions, 'tool' | 'name'>): Promise<void> {
  // Podman would ask it to end, and wait; docker does not, and has no such option.
  const atOnce = tool === 'podman' ? ['--time', '0'] : [];
  await execa(tool, ['rm', '--force', '--volumes', ...atOnce, name], {reject: false, stdio: 'ignore'});
}
