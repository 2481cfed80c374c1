import type {Step} from './steps.ts';

/** The actions that running steps needs. */
export interface Running {
  /** Runs a program with its output on the terminal, and returns its exit code. */
  run(command: readonly string[]): Promise<number>;
  /** Writes a line about progress. */
  write(line: string): void;
}

const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

/**
 * Runs every step, also after one that failed, with an estimate before the first and the outcome after each.
 * Returns the exit code of the first that failed, or 0.
 */
export async function runSteps(steps: readonly Step[], {run, write}: Running): Promise<number> {
  const estimate = steps.reduce((sum, {seconds}) => sum + seconds, 0);
  write(`npm test takes about ${minutes(estimate)} on two idle cores:`);
  for (const {what, seconds} of steps) write(`  ${what}, about ${seconds} s`);
  write('npm run test:all runs every test of every kind.');
  const began = performance.now();
  const failed: {what: string; code: number}[] = [];
  for (const [index, {what, command}] of steps.entries()) {
    write(`\n== ${index + 1} of ${steps.length}: ${what}`);
    const stepBegan = performance.now();
    const code = await run(command);
    const took = Math.round((performance.now() - stepBegan) / 1000);
    write(`== ${what}: ${code === 0 ? 'passed' : 'FAILED'} after ${took} s`);
    if (code !== 0) failed.push({what, code});
  }
  const took = minutes((performance.now() - began) / 1000);
  const names = failed.map(({what}) => what).join('; ');
  write(failed[0] ? `\nnpm test FAILED after ${took}: ${names}` : `\nnpm test passed after ${took}`);
  return failed[0]?.code ?? 0;
}
