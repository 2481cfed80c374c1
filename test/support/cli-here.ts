import {readdirSync} from 'node:fs';
import {expect, onTestFinished, vi} from 'vitest';
import {runProgram} from '../../src/apps/cli/run-program.ts';
import {ownTemporaryDirectory} from './processes.ts';

/** How a command ended, and what it wrote. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs the command line in this process, through the program that `main.ts` runs, with only `environment` for its
 * settings. Two calls at the same time would mix their output. Signals and the terminal need `startCli`.
 */
export async function cliHere(
  args: readonly string[],
  {environment = {}}: {environment?: Readonly<Record<string, string>>} = {},
): Promise<Ended> {
  const temporary = ownTemporaryDirectory();
  onTestFinished(() => expect(readdirSync(temporary)).toEqual([]));
  for (const name of Object.keys(process.env)) if (/^(REVIDEO_|AWS_)/.test(name)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const text = {stdout: '', stderr: ''};
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(((chunk: unknown, ...rest: unknown[]) => {
      text[name] += String(chunk);
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    }) as never),
  );
  const controller = new AbortController();
  try {
    const interrupt = {signal: controller.signal, stop: () => controller.abort()};
    const code = await runProgram(args, interrupt);
    return {code, ...text};
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
