import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished} from 'vitest';
import {processesIn, runs, scratch, until} from './processes.ts';

/** Milliseconds in which a program must end after its signal. */
const LAST_RESORT = 30_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A project in test/projects, as a path from the root. */
export const project = (name: string): string => `test/projects/${name}`;

/** A run of the command line that has begun. */
export interface Cli {
  /** Its output so far. */
  stdout: () => string;
  stderr: () => string;
  /** Resolves when standard error matches, or the program has ended. */
  says(what: RegExp): Promise<void>;
  /** Sends a signal: to the program alone, as `kill` does, or to its whole group, as a terminal does. */
  signal(name: NodeJS.Signals, to?: 'program' | 'group'): void;
  /** Its end. */
  ended: Promise<{code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string}>;
}

/** Starts the command line, with a temporary directory of its own that has to be empty afterwards. */
export function startCli(
  args: string[],
  {environment = {}, cwd = ROOT}: {environment?: NodeJS.ProcessEnv; cwd?: string | undefined} = {},
): Cli {
  const temporary = scratch();
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(REVIDEO_|AWS_|VITEST|NODE_ENV)/.test(name),
  );
  const child = spawn(process.execPath, [join(ROOT, 'src/apps/cli/main.ts'), ...args], {
    cwd,
    env: {...Object.fromEntries(inherited), TMPDIR: temporary, ...environment},
    // A group of its own, as a shell gives to what it starts.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const output = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  let over = false;
  const ended: Cli['ended'] = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      resolve({code, signal, ...output});
    });
  });
  onTestFinished(async () => {
    // Only a program that a failed test left behind still runs.
    const last = setTimeout(() => process.kill(-pid, 'SIGKILL'), LAST_RESORT);
    if (!over && runs(pid)) process.kill(pid, 'SIGTERM');
    await ended;
    clearTimeout(last);
    expect(processesIn(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    says: (what) => until(() => over || what.test(output.stderr)),
    signal: (name, to = 'program') => void process.kill(to === 'group' ? -pid : pid, name),
    ended,
  };
}

/** Runs the command line to its end. */
export const runCli = (...of: Parameters<typeof startCli>): Cli['ended'] => startCli(...of).ended;
