import {existsSync} from 'node:fs';
import {expect, it} from 'vitest';
import {runSteps} from '../support/run-steps.ts';
import {STEPS} from '../support/steps.ts';

const steps = ['one', 'two', 'three'].map((what) => ({what, seconds: 40, command: [what]}));

/** Runs the steps, of which some end with an exit code other than 0. */
async function play(codes: Record<string, number>) {
  const [ran, lines]: string[][] = [[], []];
  const run = async ([what = '']: readonly string[]) => {
    ran?.push(what);
    return codes[what] ?? 0;
  };
  const code = await runSteps(steps, {run, write: (line) => lines?.push(line)});
  return {code, ran, said: lines?.join('\n')};
}

it('npm test says first how long it takes, and ends with 0 where all passed', async () => {
  const {code, ran, said} = await play({});
  expect({code, ran}).toEqual({code: 0, ran: ['one', 'two', 'three']});
  expect(said).toMatch(/^npm test takes about 2\.0 min on two idle cores:\n(.*\n)*== 1 of 3: one\n/);
  expect(said).toMatch(/\nnpm test passed after 0\.0 min$/);
});

it('npm test runs the steps after a failed one, names what failed, and ends with its exit code', async () => {
  const {code, ran, said} = await play({two: 3, three: 1});
  expect({code, ran}).toEqual({code: 3, ran: ['one', 'two', 'three']});
  expect(said).toMatch(/\n== two: FAILED after 0 s\n/);
  expect(said).toMatch(/\nnpm test FAILED after 0\.0 min: two; three$/);
});

it('npm test is estimated at no more than four minutes, and every file of its smoke is there', () => {
  expect(STEPS.reduce((sum, {seconds}) => sum + seconds, 0)).toBeLessThanOrEqual(240);
  const files = STEPS.flatMap(({command}) => command).filter((word) => word.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
