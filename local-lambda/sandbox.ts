import {spawn} from 'node:child_process';
import {mkdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {containerCommand, containerProcess, removeContainer} from './container.ts';
import {describeExit} from './exit.ts';
import type {FunctionConfig} from './function-config.ts';
import type {Log} from './log.ts';
import {killTree, signalTree} from './process-tree.ts';
import {sandboxVariables} from './sandbox-variables.ts';

/** The settings of a sandbox. */
export interface SandboxOptions {
  readonly config: FunctionConfig;
  /** A directory that does not exist yet; the sandbox makes and removes it. */
  readonly directory: string;
  /** Host and port of the Runtime API that the process is to ask. */
  readonly runtimeApi: string;
  readonly logStreamName: string;
  /** Takes the process's output. */
  readonly log: Log;
}

/** A process with a directory of its own, in a process group of its own. */
export interface Sandbox {
  readonly pid: number;
  /** The TMPDIR of the process. */
  readonly temporaryDirectory: string;
  /** Resolves when the process is gone, with how it went in Lambda's words. */
  readonly exited: Promise<string>;
  /** Ends the process and all it started, and removes the directory. `graceMs` is the time between SIGTERM
   * and SIGKILL; 0 leaves out the SIGTERM. */
  end(options: {graceMs: number}): Promise<void>;
}

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));

/** Milliseconds for the last output of a dead process; a process that escaped could hold the pipe forever. */
const OUTPUT_MS = 1000;

/** How the process of a sandbox is started, and what is beside it. */
interface Launch {
  readonly command: [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The process to watch, if it is not the one that was started; undefined if there is none any more. */
  readonly process?: (gone: () => boolean) => Promise<number | undefined>;
  /** Ends what is not below the process that was started. */
  readonly remove?: () => Promise<void>;
}

/** Starts the process of an execution environment. Rejects when there can be no directory or no process. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const {config, directory, log} = options;
  const tmp = join(directory, 'tmp');
  await mkdir(tmp, {recursive: true});
  const launch = launchOf({...options, tmp});
  const [program, ...args] = launch.command;
  const child = spawn(program, args, {
    cwd: launch.cwd,
    detached: true, // its own group and session: what ends it ends what it started
    env: launch.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const leader = child.pid;
  if (leader === undefined) {
    const [reason] = await new Promise<Error[]>((resolve) =>
      child.once('error', (error) => resolve([error])),
    );
    await rm(directory, {recursive: true, force: true});
    throw new Error(`Function "${config.name}": its process does not start.`, {cause: reason});
  }
  let gone = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      gone = true;
      resolve(describeExit({code, signal}));
    });
  });
  const silent = new Promise((resolve) => child.once('close', resolve));
  log.follow(child.stdout);
  log.follow(child.stderr);

  const end = async ({graceMs}: {graceMs: number}) => {
    const tree = {leader, mark: `TMPDIR=${tmp}`, known: new Set<number>()};
    if (graceMs > 0) {
      signalTree(tree, 'SIGTERM');
      await Promise.race([exited, sleep(graceMs)]);
    }
    await launch.remove?.();
    await killTree(tree);
    await exited;
    await Promise.race([silent, sleep(OUTPUT_MS)]);
    child.stdout.destroy();
    child.stderr.destroy();
    await rm(directory, {recursive: true, force: true, maxRetries: 10});
  };
  const pid = (await launch.process?.(() => gone)) ?? leader;
  return {pid, temporaryDirectory: tmp, exited, end};
}

function launchOf(options: SandboxOptions & {tmp: string}): Launch {
  const {config, directory} = options;
  const {handler, memoryMb} = config;
  const variables = sandboxVariables(options);
  if ('image' in handler) {
    // The image has its own of these; the tool needs this machine's.
    const {PATH, LANG, HOME, TMPDIR, ...given} = variables;
    const container = {...handler, name: `${config.name}-${basename(directory)}`, memoryMb};
    return {
      command: containerCommand({...container, variables: given}),
      cwd: directory,
      env: process.env,
      process: (gone) => containerProcess(container, gone),
      remove: () => removeContainer(container),
    };
  }
  const {file, exportName} = handler;
  // "Modifying the runtime environment", wrapper scripts: it is given the command line that starts the runtime.
  const wrapper = config.environment.AWS_LAMBDA_EXEC_WRAPPER;
  const runtime = [process.execPath, BOOTSTRAP, file, exportName] as const;
  return {
    command: wrapper ? [wrapper, ...runtime] : [...runtime],
    cwd: dirname(file),
    env: variables,
  };
}
